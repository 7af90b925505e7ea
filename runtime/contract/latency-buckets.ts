/** Upper bounds of the latency histogram: from the fastest requests to a latency at which callers have given up. */
export const LATENCY_BUCKETS_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];

/** Greatest quantile that the histogram can give; an alert with a greater limit would never fire. */
export const GREATEST_LATENCY_MS = Math.max(...LATENCY_BUCKETS_SECONDS) * 1000;
