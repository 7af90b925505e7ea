import type { Segment } from "../contract/evaluation.ts";
import type { LearntTask } from "../contract/task.ts";
import { outputsOf } from "../contract/task.ts";
import { taskMetrics, type ScoredRows } from "./task-metrics.ts";

/** Returns the metrics of each value of a segment column, in alphabetical order. */
export function segmentMetrics(
  column: string,
  values: readonly string[],
  task: LearntTask,
  { labels, scores, groups }: ScoredRows,
  threshold: number,
): Segment[] {
  const rowsOf = new Map<string, number[]>();
  values.forEach((value, i) => {
    const rows = rowsOf.get(value);
    if (rows === undefined) rowsOf.set(value, [i]);
    else rows.push(i);
  });
  const outputs = outputsOf(task);
  return [...rowsOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, rows]) => {
      const own = {
        labels: rows.map((row) => labels[row]!),
        scores: rows.flatMap((row) => Array.from({ length: outputs }, (_, i) => scores[row * outputs + i]!)),
        groups: groups === undefined ? undefined : rows.map((row) => groups[row]!),
      };
      return { column, value, rows: rows.length, metrics: taskMetrics(task, own, threshold) };
    });
}
