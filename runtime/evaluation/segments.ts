import type { Segment } from "../contract/evaluation.ts";
import type { LearntTask } from "../contract/task.ts";
import { rowsByValue, selectRows } from "./select-rows.ts";
import { taskMetrics, type ScoredRows } from "./task-metrics.ts";

/** Returns the metrics of each value of a segment column, in alphabetical order. */
export function segmentMetrics(
  column: string,
  values: readonly string[],
  task: LearntTask,
  scored: ScoredRows,
  threshold: number,
): Segment[] {
  return rowsByValue(values).map(([value, rows]) => {
    const metrics = taskMetrics(task, selectRows(task, scored, rows), threshold);
    return { column, value, rows: rows.length, metrics };
  });
}
