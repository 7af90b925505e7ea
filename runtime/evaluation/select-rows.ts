import { outputsOf, type LearntTask } from "../contract/task.ts";
import type { ScoredRows } from "./task-metrics.ts";

/** Returns some of the rows, in the order of `rows`. */
export function selectRows(
  task: LearntTask,
  { labels, scores, groups, heldOut }: ScoredRows,
  rows: ArrayLike<number>,
): ScoredRows {
  const outputs = outputsOf(task);
  const count = rows.length;
  const own = { labels: new Float64Array(count), scores: new Float64Array(count * outputs) };
  for (let i = 0; i < count; i++) {
    own.labels[i] = labels[rows[i]!]!;
    for (let output = 0; output < outputs; output++)
      own.scores[i * outputs + output] = scores[rows[i]! * outputs + output]!;
  }
  return {
    ...own,
    groups: groups === undefined ? undefined : Array.from(rows, (row) => groups[row]!),
    heldOut: heldOut === undefined ? undefined : Uint8Array.from(rows, (row) => heldOut[row]!),
  };
}

/** Returns the numbers of the rows of each value, in alphabetical order. */
export function rowsByValue(values: readonly string[]): [value: string, rows: number[]][] {
  const rowsOf = new Map<string, number[]>();
  values.forEach((value, row) => {
    const rows = rowsOf.get(value);
    if (rows === undefined) rowsOf.set(value, [row]);
    else rows.push(row);
  });
  return [...rowsOf].sort(([a], [b]) => (a < b ? -1 : 1));
}
