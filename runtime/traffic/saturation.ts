import { loadTest, type LoadTestOptions } from "./load-test.ts";
import type { ValidationReport } from "../contract/validation-report.ts";

export type Capacity = NonNullable<ValidationReport["capacity"]>;

export interface SaturationOptions extends Pick<LoadTestOptions, "ask" | "now"> {
  /** Rows of one request. */
  rowsPerRequest: number;
  /** Callers of the first phase; each phase after it has twice as many. */
  callers: number;
  /** Greatest number of callers. @default MAX_CALLERS */
  maxCallers?: number;
  /** Longest time of one phase in seconds. @default 2 */
  phaseSeconds?: number;
  /** Greatest number of requests of one phase. @default 20000 */
  phaseRequests?: number;
}

/** Greatest number of requests in flight: enough to keep a server with a few cores busy, and few enough for a pod's connections. */
export const MAX_CALLERS = 32;

/** Least growth of the throughput from one phase to the next; with less, the limit is found. */
const GAIN = 1.05;

/**
 * Measures the highest throughput of a service without failures: runs closed loops, each with twice the callers, until the throughput
 * no longer grows. Every phase ends after its seconds or its requests, whichever comes first. Undefined if the first phase fails.
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
