import type { LearntTask } from "../../contract/task.ts";
import { quantileOf, type ScoredRows } from "../task-metrics.ts";
import type { ResampledMetric } from "./paired-bootstrap.ts";
import { resampledBinary } from "./resampled-binary.ts";
import { resampledMulticlass } from "./resampled-multiclass.ts";
import { resampledRanking } from "./resampled-ranking.ts";
import { resampledRegression } from "./resampled-regression.ts";

/**
 * Returns a metric of a task as a function of how often each row counts. What does not depend on the counts, such as the order of the
 * scores, is computed once, so that a resample takes one pass over the rows. Equal to `taskMetrics` of the rows, each repeated.
 */
export function resampledMetric(
  task: LearntTask,
  metric: string,
  rows: ScoredRows,
  threshold: number,
): ResampledMetric {
  const found =
    task.kind === "binary"
      ? resampledBinary(metric, rows, threshold)
      : task.kind === "multiclass"
        ? resampledMulticlass(metric, rows, task.classes.length)
        : task.kind === "regression"
          ? resampledRegression(metric, rows, quantileOf(task))
          : resampledRanking(metric, rows);
  if (found === undefined) throw new Error(`${metric} is no metric of the task ${task.kind}`);
  return found;
}
