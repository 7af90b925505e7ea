/** Latency and throughput of a closed loop: each caller asks again as soon as it is answered. */
export interface LoadResult {
  requests: number;
  /** Requests that were not answered as they should. */
  failures: number;
  p50Ms: number;
  p99Ms: number;
  requestsPerSecond: number;
}

export interface LoadTestOptions {
  requests: number;
  callers: number;
  /** One request; its latency in milliseconds, or undefined where it failed. Must not throw. */
  ask: () => Promise<number | undefined>;
  /** Requests before those that count. @default 20 */
  warmup?: number;
  /** Milliseconds. @default performance.now */
  now?: () => number;
}

export async function loadTest(options: LoadTestOptions): Promise<LoadResult> {
  const { requests, callers, ask, warmup = 20, now = () => performance.now() } = options;
  await inParallel(warmup, callers, ask);
  const started = now();
  const latencies = await inParallel(requests, callers, ask);
  const seconds = (now() - started) / 1000;
  const answered = latencies.filter((latency) => latency !== undefined).sort((a, b) => a - b);
  return {
    requests,
    failures: requests - answered.length,
    p50Ms: percentile(answered, 0.5),
    p99Ms: percentile(answered, 0.99),
    requestsPerSecond: answered.length / seconds,
  };
}

/** Nearest-rank percentile of ascending values; NaN for none. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? NaN;
}

async function inParallel<T>(count: number, callers: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count) {
      next++;
      results.push(await work());
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return results;
}
