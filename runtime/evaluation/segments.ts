import type { Evaluation } from "../contract/evaluation.ts";
import { areaUnderRoc, prevalence } from "./metrics/binary.ts";

export type Segment = Evaluation["segments"][number];

/** Returns the metrics of each value of a segment column, in alphabetical order. */
export function segmentMetrics(
  column: string,
  values: readonly string[],
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): Segment[] {
  const rowsOf = new Map<string, number[]>();
  values.forEach((value, i) => {
    const rows = rowsOf.get(value);
    if (rows === undefined) rowsOf.set(value, [i]);
    else rows.push(i);
  });
  return [...rowsOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, rows]) => {
      const own = rows.map((i) => labels[i]!);
      const auc = areaUnderRoc(
        own,
        rows.map((i) => scores[i]!),
      );
      return { column, value, rows: rows.length, prevalence: prevalence(own), auc };
    });
}
