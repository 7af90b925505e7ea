import { setMaxListeners } from "node:events";
import { Interrupted } from "../operations/interrupted.ts";
import { EXIT } from "./exit-code.ts";

export interface InterruptibleOptions {
  /** What the person reads after an interrupt. */
  message: string;
  /** Longest wait for interrupted work to end its processes and to remove its temporary folders, in milliseconds. @default 3000 */
  graceMs?: number;
  /** @default - ends this process */
  exit?: (code: number) => void;
}

/**
 * Runs work that changes nothing, with a signal that aborts at Ctrl-C or SIGTERM. Throws Interrupted then, whatever the work returns. A
 * second Ctrl-C ends the process as usual.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { message, graceMs = 3000, exit = (code) => process.exit(code) }: InterruptibleOptions,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal); // each resource in work adds a listener
  const interrupt = (): void => controller.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const result = await orGrace(work(signal), signal, graceMs);
    if (!signal.aborted) return result as T;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
  // Work that has not ended, such as an installation, must not keep the process. What removes folders at its exit still runs.
  setTimeout(() => exit(EXIT.interrupted), 100).unref();
  throw new Interrupted(message);
}

/** Returns what the work returns; undefined if it has not ended `graceMs` after the signal. */
function orGrace<T>(work: Promise<T>, signal: AbortSignal, graceMs: number): Promise<T | undefined> {
  const grace = new Promise<undefined>((resolve) =>
    signal.addEventListener("abort", () => void setTimeout(() => resolve(undefined), graceMs).unref()),
  );
  return Promise.race([work, grace]);
}
