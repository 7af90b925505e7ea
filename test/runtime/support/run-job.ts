import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stepResultSchema } from "../../../runtime/contract/step-result.ts";
import type { StepResult } from "../../../runtime/contract/step-result.ts";

const MAIN = new URL("../../../runtime/main.ts", import.meta.url).pathname;

/** `slipway <job>` as a process of its own, in this Node or another: its exit code, the result that it left, and what it logged. */
export async function runJob(
  args: readonly string[],
  env: Record<string, string>,
  node: string = process.execPath,
): Promise<{ code: number | null; result: StepResult | undefined; output: string }> {
  const directory = await mkdtemp(join(tmpdir(), "job-"));
  const file = join(directory, "result.json");
  try {
    const child = spawn(node, ["--import", "tsx", MAIN, ...args], {
      env: { PATH: process.env["PATH"], DOCKER_CONFIG: "/nonexistent", SLIPWAY_RESULT_FILE: file, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    const text = await readFile(file, "utf8").catch(() => undefined);
    const result = text === undefined ? undefined : stepResultSchema.parse(JSON.parse(text));
    return { code, result, output };
  } finally {
    await rm(directory, { recursive: true });
  }
}
