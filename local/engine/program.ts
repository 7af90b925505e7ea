import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { handOver } from "./config-handover.ts";
import type { Project } from "./project/project.ts";
import type { StackConfig } from "./project/stack-config.ts";
import { readLines } from "./read-lines.ts";

/** Exit status of the SDK after it has logged the error itself. @see @pulumi/pulumi/cmd/run */
export const EXIT_ALREADY_LOGGED = 32;

/**
 * Greatest size of V8's space for new objects, in MiB. The SDK allocates about 1 MiB for each resource. In V8's default of 16 MiB these objects
 * outlive many collections, each of which copies them.
 */
const NEW_OBJECTS_MIB = 64;

export interface ProgramOptions {
  project: Project;
  stack: string;
  config: StackConfig;
  /** `host:port` of the server with the ResourceMonitor and Engine services. */
  address: string;
  preview: boolean;
  parallel: number;
  /** Environment of the program. */
  env: Record<string, string | undefined>;
  onLine: (stream: "stdout" | "stderr", line: string) => void;
}

export interface RunningProgram {
  /** Exit status; 128 or more if a signal ended the program. */
  exit: Promise<number>;
  kill(): void;
}

/** Starts an unmodified Pulumi program with the unmodified SDK, like the CLI's language host for Node. */
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
    `--max-semi-space-size=${NEW_OBJECTS_MIB}`,
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
    // A process group of its own: only the engine reacts to an interrupt from the terminal.
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
