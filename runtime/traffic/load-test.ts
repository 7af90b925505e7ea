/** Latency and throughput of a closed loop: each caller sends its next request as soon as it has an answer. */
export interface LoadResult {
  /** Number of requests after the warm-up. */
  requests: number;
  /** Requests without the right answer. */
  failures: number;
  p50Ms: number;
  p99Ms: number;
  requestsPerSecond: number;
  seconds: number;
}

export interface LoadTestOptions {
  /** Greatest number of requests. */
  requests: number;
  callers: number;
  /** Sends one request. Returns its latency in milliseconds, or undefined if it failed. Must not throw. */
  ask: () => Promise<number | undefined>;
  /** Time after which no new request is sent. @default - no limit */
  maxSeconds?: number;
  /** Requests of the warm-up, which are not counted. @default 20 */
  warmup?: number;
  /** Returns the time in milliseconds. @default performance.now */
  now?: () => number;
}

export async function loadTest(options: LoadTestOptions): Promise<LoadResult> {
  const { requests, callers, ask, maxSeconds, warmup = 20, now = () => performance.now() } = options;
  await inParallel(warmup, callers, ask);
  const started = now();
  const late = (): boolean => maxSeconds !== undefined && now() - started >= maxSeconds * 1000;
  const latencies = await inParallel(requests, callers, ask, late);
  const seconds = (now() - started) / 1000;
  const answered = latencies.filter((latency) => latency !== undefined).sort((a, b) => a - b);
  return {
    requests: latencies.length,
    failures: latencies.length - answered.length,
    p50Ms: percentile(answered, 0.5),
    p99Ms: percentile(answered, 0.99),
    requestsPerSecond: answered.length / seconds,
    seconds,
  };
}

/** Returns the nearest-rank percentile of ascending values; NaN if there are none. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? NaN;
}

async function inParallel<T>(
  count: number,
  callers: number,
  work: () => Promise<T>,
  late: () => boolean = () => false,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count && !late()) {
      next++;
      results.push(await work());
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return results;
}
