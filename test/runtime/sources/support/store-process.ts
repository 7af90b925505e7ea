import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../support/redis-process.ts";

/** A store of objects that runs on loopback. */
export interface StoreProcess {
  /** Such as `http://127.0.0.1:9000`. */
  url: string;
  stop(): Promise<void>;
}

/** Longest start in milliseconds, on a machine that does other work. */
const START_MS = 60_000;

/** Starts a program that serves objects from a new folder, and waits until it answers. Throws with its output if it ends before. */
export async function startStore(
  command: (
    port: number,
    folder: string,
  ) => { program: string; args: string[]; env?: Record<string, string> },
): Promise<StoreProcess> {
  const folder = await mkdtemp(join(tmpdir(), "store-"));
  const port = await freePort();
  const { program, args, env } = command(port, folder);
  const child = spawn(program, args, {
    env: { PATH: process.env["PATH"], HOME: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-5000)));
  const ended = once(child, "close");
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  for (const start = Date.now(); Date.now() - start < START_MS && child.exitCode === null; await sleep(100))
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return { url, stop };
  await stop();
  throw new Error(`${program} does not answer: ${output}`);
}
