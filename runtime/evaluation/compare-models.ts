import type { Comparison } from "../contract/comparison.ts";
import { betterWith } from "../contract/task-metrics.ts";
import { outputsOf, type LearntTask } from "../contract/task.ts";
import { pairedBootstrap } from "./bootstrap/paired-bootstrap.ts";
import { resampledMetric } from "./bootstrap/resampled-metric.ts";
import { selectRows } from "./select-rows.ts";
import type { ScoredRows } from "./task-metrics.ts";

/** Scores of one model, and the probability from which it counts a row as positive. */
export interface ModelScores {
  scores: ArrayLike<number>;
  threshold: number;
}

/** What two models are compared on. */
export type ComparedRows = Omit<ScoredRows, "scores">;

/**
 * Compares a model with another one by a metric, on the same rows. Rows of each class, or groups of a ranking, are drawn as often as there
 * are. The order of the rows does not matter.
 *
 * @see Sakai: Evaluating Evaluation Metrics based on the Bootstrap (SIGIR 2006), for drawing whole groups
 */
export function compareModels(
  task: LearntTask,
  metric: string,
  rows: ComparedRows,
  model: ModelScores,
  other: ModelScores,
  /** @default - as `pairedBootstrap` */
  options: { resamples?: number; confidence?: number; seed?: number } = {},
): Comparison {
  const order = fixedOrder(task, rows, model.scores, other.scores);
  const of = ({ scores, threshold }: ModelScores): ReturnType<typeof resampledMetric> =>
    resampledMetric(task, metric, selectRows(task, { ...rows, scores }, order), threshold);
  const compared = pairedBootstrap({
    model: of(model),
    other: of(other),
    better: betterWith(task.kind, metric),
    strata: strataOf(task, rows, order),
    ...options,
  });
  return { metric, ...compared };
}

/** Returns the rows in an order that follows from their labels and scores alone, those of one class or group together. */
function fixedOrder(
  task: LearntTask,
  { labels, groups }: ComparedRows,
  ...scores: [ArrayLike<number>, ArrayLike<number>]
): Uint32Array {
  const outputs = outputsOf(task);
  return Uint32Array.from({ length: labels.length }, (_, row) => row).sort((a, b) => {
    if (groups !== undefined && groups[a] !== groups[b]) return groups[a]! < groups[b]! ? -1 : 1;
    if (labels[a] !== labels[b]) return labels[a]! - labels[b]!;
    for (const each of scores)
      for (let output = 0; output < outputs; output++) {
        const difference = each[a * outputs + output]! - each[b * outputs + output]!;
        if (difference !== 0) return difference;
      }
    return a - b;
  });
}

/** Returns the numbers of rows of each class, of all rows, or of groups: what is drawn separately. */
function strataOf(task: LearntTask, { labels, groups = [] }: ComparedRows, order: Uint32Array): number[] {
  if (task.kind === "ranking") return [new Set(groups).size];
  if (task.kind === "regression") return [order.length];
  const strata: number[] = [];
  order.forEach((row, place) => {
    if (place > 0 && labels[row] === labels[order[place - 1]!]) strata[strata.length - 1]!++;
    else strata.push(1);
  });
  return strata;
}
