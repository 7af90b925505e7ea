import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface ServeProcess {
  url: string;
  metricsUrl: string;
  /** Undefined if the server has no API keys. */
  gatewayUrl: string | undefined;
  child: ChildProcess;
  /** Log lines so far. */
  lines: Record<string, unknown>[];
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
}

const MAIN = new URL("../../../runtime/main.ts", import.meta.url).pathname;

/**
 * Starts `slipway serve` as a process of its own, on free ports, below the command `tracer` if there is one. Resolves when it
 * is ready; rejects if it ends before.
 */
export async function serveProcess(
  env: Record<string, string>,
  flags: string[] = [],
  tracer: readonly string[] = [],
): Promise<ServeProcess> {
  const ports = ["--host", "127.0.0.1", "--port", "0", "--metrics-port", "0", "--gateway-port", "0"];
  const [command, ...args] = [
    ...tracer,
    process.execPath,
    "--import",
    "tsx",
    MAIN,
    "serve",
    ...ports,
    ...flags,
  ];
  const child = spawn(command ?? "", args, {
    env: {
      PATH: process.env["PATH"],
      DOCKER_CONFIG: "/nonexistent",
      SLIPWAY_ENVIRONMENT: "staging",
      SLIPWAY_SERVICE: "tiny",
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Record<string, unknown>[] = [];
  const ended = once(child, "exit").then(([code]) => code as number | null);
  let listening: { address: string; metricsPort: number; gatewayPort?: number } | undefined;
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>;
      lines.push(entry);
      if (entry["message"] === "listening") listening = entry as unknown as typeof listening;
      if (entry["message"] === "ready") resolve();
    });
    void ended.then((code) => reject(new Error(`serve ended with ${code}: ${JSON.stringify(lines.at(-1))}`)));
  });
  if (listening === undefined) throw new Error("serve got ready without listening");
  return {
    url: listening.address,
    metricsUrl: `http://127.0.0.1:${listening.metricsPort}`,
    gatewayUrl: listening.gatewayPort === undefined ? undefined : `http://127.0.0.1:${listening.gatewayPort}`,
    child,
    lines,
    ended,
  };
}
