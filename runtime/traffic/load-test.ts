/** Latency and throughput of a closed loop: each caller asks again as soon as it is answered. */
export interface LoadResult {
  /** Asked, after those that warmed up. */
  requests: number;
  /** Requests that were not answered as they should. */
  failures: number;
  p50Ms: number;
  p99Ms: number;
  requestsPerSecond: number;
  seconds: number;
}

export interface LoadTestOptions {
  /** Requests at most. */
  requests: number;
  callers: number;
  /** One request; its latency in milliseconds, or undefined where it failed. Must not throw. */
  ask: () => Promise<number | undefined>;
  /** No caller asks again after so long. @default - until all requests are asked */
  maxSeconds?: number;
  /** Requests before those that count. @default 20 */
  warmup?: number;
  /** Milliseconds. @default performance.now */
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

/** Nearest-rank percentile of ascending values; NaN for none. */
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
