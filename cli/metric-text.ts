import type { NamedMetric } from "../runtime/contract/task-metrics.ts";

/** Returns a metric for a person, with that of the best baseline beside it: `auc 0.9061 (baseline 0.5000)`. */
export function metricText({ name, value, baseline }: NamedMetric): string {
  const compared = baseline === undefined ? "" : ` (baseline ${baseline.toFixed(4)})`;
  return `${name} ${value?.toFixed(4) ?? "-"}${compared}`;
}
