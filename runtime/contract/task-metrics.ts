import type { TaskKind } from "./task.ts";

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

/** Returns the metric of a task that tables and lists show. */
export function mainMetric(kind: TaskKind): string {
  return Object.keys(TASK_METRICS[kind])[0]!;
}

/** A metric and its value; null where it has no meaning for the test rows. */
export interface NamedMetric {
  name: string;
  value: number | null;
}

/** Returns the metric of an evaluation or a card that tables and lists show. Without a task it is of a binary model. */
export function shownMetric({
  task,
  metrics,
}: {
  task?: { kind: TaskKind } | undefined;
  metrics: Readonly<Record<string, number | null>>;
}): NamedMetric {
  const name = mainMetric(task?.kind ?? "binary");
  return { name, value: metrics[name] ?? null };
}

/** Returns the names of the metrics of a task. */
export function metricNames(kind: TaskKind): string[] {
  return Object.keys(TASK_METRICS[kind]);
}
