import { mkdir, open, readFile, rm } from "node:fs/promises";
import { home } from "../home.ts";
import { parseStartTime } from "./daemon.ts";

/**
 * Keeps two runs from changing the machine at the same time. Throws, naming the other, while one is at work; the lock of a run
 * that was killed is taken over.
 */
export async function withClusterLock<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(home(), { recursive: true, mode: 0o755 });
  const file = home("lock");
  const mine = `${process.pid} ${await startTime(process.pid)}\n`;
  for (;;) {
    try {
      const handle = await open(file, "wx");
      await handle.writeFile(mine);
      await handle.close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const [pid = "", since] = (await readFile(file, "utf8").catch(() => "")).trim().split(" ");
      if (since !== undefined && (await startTime(Number(pid))) === since)
        throw new Error(`another slipway run (pid ${pid}) is at work on this machine: wait for its end`, {
          cause: error,
        });
      await rm(file, { force: true });
    }
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function startTime(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseStartTime(text);
}
