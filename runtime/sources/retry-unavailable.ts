import { setTimeout as sleep } from "node:timers/promises";
import { Unavailable } from "../errors.ts";

export interface RetryOptions {
  /** Tries in all. @default 4 */
  tries?: number;
  /** Wait after the first try in milliseconds; three times as long after each further one. @default 1000 */
  pauseMs?: number;
  /** Called with the reason before each further try. */
  onRetry?: (reason: string) => void;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/** Calls `work` again while it throws Unavailable, a few times. Throws the last Unavailable, and any other error at once. */
export async function retryUnavailable<T>(
  work: () => Promise<T>,
  { tries = 4, pauseMs = 1000, onRetry, signal }: RetryOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unavailable) || attempt === tries || signal?.aborted === true) throw error;
      onRetry?.(error.message);
    }
    await sleep(pauseMs * 3 ** (attempt - 1), undefined, signal === undefined ? {} : { signal });
  }
}
