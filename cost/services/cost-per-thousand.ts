export interface Throughput {
  /** USD per hour of the serving capacity: share of nodes, endpoints, GPUs. */
  hourlyUsd: number;
  /** Highest throughput that was measured with this capacity; see throughput.ts. */
  requestsPerSecond: number;
  /** Inferences in one request. @default 1 */
  rowsPerRequest?: number;
  /** Share of the hour with this load, more than 0 and up to 1. Idle capacity is paid for too. @default 1 */
  utilization?: number;
}

/**
 * Returns USD per thousand inferences:
 *
 *     1000 × hourlyUsd / (3600 × requestsPerSecond × rowsPerRequest × utilization)
 *
 * [USD/h] / ([s/h] × [requests/s] × [inferences/request]) is USD per inference. The result is not rounded, because
 * it is often a small fraction of a cent. Throws if nothing is served.
 */
export function costPerThousand(throughput: Throughput): number {
  const { hourlyUsd, requestsPerSecond, rowsPerRequest = 1, utilization = 1 } = throughput;
  if (!(Number.isFinite(hourlyUsd) && hourlyUsd >= 0))
    throw new Error(`cost per thousand: hourlyUsd must be at least 0, got ${hourlyUsd}`);
  positive("requestsPerSecond", requestsPerSecond);
  positive("rowsPerRequest", rowsPerRequest);
  positive("utilization", utilization);
  if (utilization > 1)
    throw new Error(`cost per thousand: utilization must be at most 1, got ${utilization}`);
  return (1000 * hourlyUsd) / (3600 * requestsPerSecond * rowsPerRequest * utilization);
}

function positive(field: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0))
    throw new Error(`cost per thousand: ${field} must be more than 0, got ${value}`);
}
