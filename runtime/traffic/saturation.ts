import { loadTest, type LoadTestOptions } from "./load-test.ts";
import type { ValidationReport } from "../contract/validation-report.ts";

export type Capacity = NonNullable<ValidationReport["capacity"]>;

export interface SaturationOptions extends Pick<LoadTestOptions, "ask" | "now"> {
  /** Inferences in one request. */
  rowsPerRequest: number;
  /** Callers of the first phase; each phase after it has twice as many. */
  callers: number;
  /** Callers at most. @default MAX_CALLERS */
  maxCallers?: number;
  /** Seconds of one phase at most. @default 2 */
  phaseSeconds?: number;
  /** Requests of one phase at most. @default 20000 */
  phaseRequests?: number;
}

/** Requests in flight at most: enough to keep a server of a few cores busy, over connections that a pod can hold. */
export const MAX_CALLERS = 32;

/** A phase that answers less than this many times more than the one before has found the limit. */
const GAIN = 1.05;

/**
 * What a service answers at most without failing: closed loops with twice the callers each time, until that answers no
 * more. Every phase ends by its seconds or its requests, whichever is first. Undefined where the first phase fails.
 */
export async function saturate(options: SaturationOptions): Promise<Capacity | undefined> {
  const {
    ask,
    now,
    rowsPerRequest,
    maxCallers = MAX_CALLERS,
    phaseSeconds = 2,
    phaseRequests = 20_000,
  } = options;
  let best: Capacity | undefined;
  for (let callers = options.callers; callers <= maxCallers; callers *= 2) {
    const phase = await loadTest({
      requests: phaseRequests,
      maxSeconds: phaseSeconds,
      callers,
      ask,
      ...(now === undefined ? {} : { now }),
    });
    if (phase.failures > 0 || phase.requests === 0) break;
    const { requestsPerSecond, requests, seconds } = phase;
    const gained = best === undefined || requestsPerSecond > best.requestsPerSecond * GAIN;
    if (best === undefined || requestsPerSecond > best.requestsPerSecond)
      best = { requestsPerSecond, rowsPerRequest, callers, requests, seconds };
    if (!gained) break;
  }
  return best;
}
