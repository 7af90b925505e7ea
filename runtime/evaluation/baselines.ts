import type { Baseline } from "../contract/comparison.ts";
import { mainMetric } from "../contract/task-metrics.ts";
import { outputsOf, type LearntTask } from "../contract/task.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import { compareModels, type ModelScores } from "./compare-models.ts";
import { lastValues } from "./last-value.ts";
import { quantileOfSorted } from "./quantile-of-sorted.ts";
import { quantileOf, taskMetrics, type ScoredRows } from "./task-metrics.ts";
import type { TrainingLabels } from "./training-labels.ts";

/** Test rows, as far as a baseline looks at them. */
type TestRows = Pick<FeatureRows, "predictAtMs" | "entities" | "rows">;

/** A baseline and its scores, row-major. */
interface ScoredBaseline {
  name: string;
  constant?: number[];
  scores: ArrayLike<number>;
}

/** Returns what every model must beat: models without features, made from training labels, with their metrics on the test rows. */
export function baselines(
  task: LearntTask,
  train: TrainingLabels,
  test: TestRows,
  rows: ScoredRows,
  threshold: number,
): Baseline[] {
  const metric = mainMetric(task);
  const model: ModelScores = { scores: rows.scores, threshold };
  const last = lastValues(task, train, test);
  const found: ScoredBaseline[] = [constantBaseline(task, train.labels, test.rows), ...last];
  return found.map(({ name, constant, scores }) => ({
    name,
    ...(constant === undefined ? {} : { scores: constant }),
    metrics: taskMetrics(task, { ...rows, scores }, threshold),
    comparison: compareModels(task, metric, rows, model, { scores, threshold }),
  }));
}

function constantBaseline(task: LearntTask, labels: ArrayLike<number>, rows: number): ScoredBaseline {
  const { name, constant } = constantScores(task, labels);
  const outputs = outputsOf(task);
  const scores = new Float64Array(rows * outputs);
  for (let i = 0; i < scores.length; i++) scores[i] = constant[i % outputs]!;
  return { name, constant, scores };
}

/** Returns the best scores that are the same for every row, by the training labels. */
export function constantScores(
  task: LearntTask,
  labels: ArrayLike<number>,
): { name: string; constant: number[] } {
  const mean = (): number => {
    let sum = 0;
    for (let row = 0; row < labels.length; row++) sum += labels[row]!;
    return sum / labels.length;
  };
  switch (task.kind) {
    case "binary":
      return { name: "share of positive training rows", constant: [mean()] };
    case "multiclass": {
      const counts = new Array<number>(task.classes.length).fill(0);
      for (let row = 0; row < labels.length; row++) counts[labels[row]!]!++;
      return {
        name: "class shares of the training rows",
        constant: counts.map((count) => count / labels.length),
      };
    }
    case "ranking":
      return { name: "no order", constant: [0] };
    case "regression": {
      if (task.of === undefined || task.of === "mean" || task.of === "count")
        return { name: "mean of the training rows", constant: [mean()] };
      const quantile = quantileOf(task);
      const sorted = Float64Array.from(labels).sort();
      const name = task.of === "median" ? "median" : `quantile ${quantile}`;
      return { name: `${name} of the training rows`, constant: [quantileOfSorted(sorted, quantile)] };
    }
  }
}
