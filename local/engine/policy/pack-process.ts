import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { parse } from "yaml";
import { asMap } from "../project/as-map.ts";
import { PolicyPackError } from "./policy-violation.ts";
import { handOver } from "../config-handover.ts";
import { readLines } from "../read-lines.ts";

/** Time in which a pack must print its port, in milliseconds; a TypeScript pack is compiled first. */
const START_TIMEOUT_MS = 120_000;
const LAST_WORDS = 30;

export interface PackProcessOptions {
  /** Folder of PulumiPolicy.yaml. */
  path: string;
  /** `host:port` of the engine's own server. */
  engineAddress: string;
  organization: string;
  project: string;
  stack: string;
  preview: boolean;
  /** Config of the stack, by namespaced key. */
  config: Record<string, string>;
  env: Record<string, string | undefined>;
  onLine: (line: string) => void;
}

export interface PackProcess {
  /** `host:port` of its analyzer. */
  address: string;
  /** Version in PulumiPolicy.yaml; it overrides the version that the pack itself reports. */
  version: string | undefined;
  /** Returns the last lines that the pack wrote to stderr. */
  lastWords(): string;
  kill(): void;
}

/**
 * Starts a pack like the CLI's analyzer for Node: runs the SDK that the pack resolves, in the pack's folder, and reads the port
 * that it prints. Throws PolicyPackError if the process ends or prints nothing in time.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/analyzer_plugin.go
 */
export async function startPackProcess(
  options: PackProcessOptions,
  onStart: (child: ChildProcess) => void,
): Promise<PackProcess> {
  const folder = path.resolve(options.path);
  const manifest = await readManifest(folder);
  const handover = handOver({ PULUMI_CONFIG: JSON.stringify(options.config) });
  const child = spawn(process.execPath, nodeArguments(folder, options.engineAddress), {
    cwd: folder,
    // A process group of its own: only the engine reacts to an interrupt from the terminal.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...options.env, ...environment(options), ...handover.env },
  });
  handover.send(child.stdin);
  onStart(child);
  const last: string[] = [];
  const say = (line: string): void => {
    last.push(line);
    if (last.length > LAST_WORDS) last.shift();
    options.onLine(line);
  };
  readLines(child.stderr, say);
  const port = await new Promise<string>((resolve, reject) => {
    const fail = (reason: string): void => {
      child.kill("SIGKILL");
      reject(new PolicyPackError(folder, [reason, ...last].join("\n")));
    };
    const timer = setTimeout(
      () => fail(`did not start within ${START_TIMEOUT_MS / 1000} s`),
      START_TIMEOUT_MS,
    );
    let started = false;
    readLines(child.stdout, (line) => {
      if (started || !/^\d+$/.test(line.trim())) return say(line);
      started = true;
      clearTimeout(timer);
      resolve(line.trim());
    });
    child.on("error", (error) => fail(error.message));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (!started) fail(`ended before it served a policy (${signal ?? `exit code ${code}`})`);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    version: manifest.version,
    lastWords: () => last.join("\n"),
    kill: () => void child.kill("SIGKILL"),
  };
}

async function readManifest(folder: string): Promise<{ version: string | undefined }> {
  const file = path.join(folder, "PulumiPolicy.yaml");
  const text = await readFile(file, "utf8").catch(() => {
    throw new PolicyPackError(folder, "has no PulumiPolicy.yaml; name the folder of a policy pack");
  });
  const yaml = asMap(parse(text) as unknown);
  const runtime = typeof yaml["runtime"] === "string" ? yaml["runtime"] : asMap(yaml["runtime"])["name"];
  if (runtime !== "nodejs")
    throw new PolicyPackError(folder, `runtime must be nodejs, got ${JSON.stringify(runtime)}`);
  return { version: typeof yaml["version"] === "string" ? yaml["version"] : undefined };
}

function nodeArguments(folder: string, engineAddress: string): string[] {
  const preload = new URL("../program-preload.mjs", import.meta.url).href;
  try {
    const run = createRequire(path.join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    return ["--import", preload, run, engineAddress, "."];
  } catch {
    throw new PolicyPackError(folder, "its dependencies are not installed: it cannot find @pulumi/pulumi");
  }
}

/** Returns the variables that the SDK reads, under their old and their new names, as the CLI sets both. */
function environment({ organization, project, stack, preview }: PackProcessOptions): Record<string, string> {
  const values = {
    ORGANIZATION: organization,
    PROJECT: project,
    STACK: stack,
    DRY_RUN: String(preview),
  };
  const named = Object.entries(values).flatMap(([key, value]) => [
    [`PULUMI_NODEJS_${key}`, value],
    [`PULUMI_${key}`, value],
  ]);
  return Object.fromEntries(named) as Record<string, string>;
}
