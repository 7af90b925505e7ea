/** Upper bounds of the latency histogram: from about the least that a request takes to where a caller has given up. */
export const LATENCY_BUCKETS_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];

/** No quantile of the histogram is ever greater: an alert on more would never fire. */
export const GREATEST_LATENCY_MS = Math.max(...LATENCY_BUCKETS_SECONDS) * 1000;
