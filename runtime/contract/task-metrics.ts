import type { LearntTask, TaskKind } from "./task.ts";

/** Whether a model is better with more or with less of a metric. */
type Better = "more" | "less";

/** Task → its metrics on the test rows. The first is the one that tables and lists show. */
export const TASK_METRICS = {
  binary: {
    auc: "more",
    averagePrecision: "more",
    logLoss: "less",
    brier: "less",
    calibrationError: "less",
    f1: "more",
    precision: "more",
    recall: "more",
  },
  multiclass: { macroF1: "more", macroAuc: "more", accuracy: "more", logLoss: "less" },
  regression: {
    rmse: "less",
    mae: "less",
    mape: "less",
    r2: "more",
    pinballLoss: "less",
    poissonDeviance: "less",
  },
  ranking: { ndcg: "more", meanAveragePrecision: "more" },
} as const satisfies Record<TaskKind, Readonly<Record<string, Better>>>;

/** Returns whether a model is better with more or with less of a metric. */
export function betterWith(kind: TaskKind, metric: string): Better {
  const metrics: Readonly<Record<string, Better>> = TASK_METRICS[kind];
  const better = metrics[metric];
  if (better === undefined) throw new Error(`${metric} is no metric of the task ${kind}`);
  return better;
}

/**
 * Returns the metric by which models of a task are compared with a baseline, and which tables and lists show. Of a regression it is the
 * error that is least for what it predicts: a model of the 90 % quantile has a greater squared error than the mean, and is no worse.
 *
 * @see Gneiting: Making and Evaluating Point Forecasts (Journal of the American Statistical Association 2011)
 */
export function mainMetric(task: LearntTask): string {
  if (task.kind === "regression" && typeof task.of === "object") return "pinballLoss";
  if (task.kind === "regression" && task.of === "median") return "mae";
  return Object.keys(TASK_METRICS[task.kind])[0]!;
}

/** A metric and its value; null where it has no meaning for the test rows. */
export interface NamedMetric {
  name: string;
  value: number | null;
  /** Value of the best baseline. Absent in older evaluations. */
  baseline?: number;
}

/** Returns the main metric of an evaluation or a card. Without a task it is of a binary model. */
export function shownMetric({
  task = { kind: "binary" },
  metrics,
  baselines = [],
}: {
  task?: LearntTask | undefined;
  metrics: Readonly<Record<string, number | null>>;
  baselines?: readonly { metrics: Readonly<Record<string, number | null>> }[] | undefined;
}): NamedMetric {
  const name = mainMetric(task);
  const values = baselines.flatMap((each) => each.metrics[name] ?? []);
  const best = betterWith(task.kind, name) === "more" ? Math.max(...values) : Math.min(...values);
  return { name, value: metrics[name] ?? null, ...(values.length === 0 ? {} : { baseline: best }) };
}

/** Returns the names of the metrics of a task. */
export function metricNames(kind: TaskKind): string[] {
  return Object.keys(TASK_METRICS[kind]);
}
