/** Metric → why it may have no value for some rows. Metrics that always have one are left out. */
const REASONS: Readonly<Record<string, string>> = {
  auc: "the rows have one outcome only",
  averagePrecision: "no row is positive",
  precision: "no score reaches the threshold",
  recall: "no row is positive",
  macroAuc: "a class has no test rows",
  mape: "a label is 0",
  r2: "all labels are equal",
  poissonDeviance: "a prediction is not more than 0",
  ndcg: "no group has a relevant row",
  meanAveragePrecision: "no group has a relevant row",
};

/** Returns the reason that a metric has no value. */
export function whyNoValue(metric: string): string {
  return REASONS[metric] ?? "it has no meaning for these rows";
}
