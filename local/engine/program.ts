import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { handOver } from "./config-handover.ts";
import type { Project } from "./project/project.ts";
import type { StackConfig } from "./project/stack-config.ts";
import { readLines } from "./read-lines.ts";

/** The SDK has said all there is to say; Node's own message would only repeat it. @see @pulumi/pulumi/cmd/run */
export const EXIT_ALREADY_LOGGED = 32;

export interface ProgramOptions {
  project: Project;
  stack: string;
  config: StackConfig;
  /** `host:port` of the server that answers as resource monitor and as engine. */
  address: string;
  preview: boolean;
  parallel: number;
  /** Environment of the program. */
  env: Record<string, string | undefined>;
  onLine: (stream: "stdout" | "stderr", line: string) => void;
}

export interface RunningProgram {
  /** Exit status; 128 and more where a signal ended it. */
  exit: Promise<number>;
  kill(): void;
}

/** Starts an unmodified Pulumi program on the unmodified SDK, as the CLI's language host for Node does. */
export function startProgram(options: ProgramOptions): RunningProgram {
  const { project, stack, config, address, preview, parallel } = options;
  const run = createRequire(path.join(project.programDir, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  const flags = {
    monitor: address,
    engine: address,
    organization: "organization",
    project: project.name,
    stack,
    "root-directory": project.root,
    pwd: project.programDir,
    parallel: String(parallel),
    ...(preview ? { "dry-run": "true" } : {}),
  };
  const args = [
    "--import",
    new URL("program-preload.mjs", import.meta.url).href,
    ...project.nodeArgs,
    run,
    ...Object.entries(flags).flatMap(([key, value]) => [`--${key}`, value]),
  ];
  const handover = handOver({
    PULUMI_CONFIG: JSON.stringify(config.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
  });
  const child = spawn(process.execPath, [...args, project.entry], {
    cwd: project.programDir,
    // A group of its own: an interrupt from the terminal is the engine's to handle.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...options.env,
      ...handover.env,
      ...(project.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    },
  });
  handover.send(child.stdin);
  readLines(child.stdout, (line) => options.onLine("stdout", line));
  readLines(child.stderr, (line) => options.onLine("stderr", line));
  const exit = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 137)));
  });
  return { exit, kill: () => void child.kill("SIGKILL") };
}
