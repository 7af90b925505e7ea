import type { ResampledMetric } from "./paired-bootstrap.ts";

/** Returns `term` of each row. */
export function eachRow(rows: number, term: (row: number) => number): Float64Array {
  const all = new Float64Array(rows);
  for (let row = 0; row < all.length; row++) all[row] = term(row);
  return all;
}

/** Returns a share; null if there is nothing to have a share of. */
export const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Returns the mean of one number for each row. */
export function meanOf(each: Float64Array): ResampledMetric {
  return (counts) => {
    let [sum, weight] = [0, 0];
    for (let row = 0; row < each.length; row++) {
      sum += counts[row]! * each[row]!;
      weight += counts[row]!;
    }
    return ratio(sum, weight);
  };
}

/** Returns the negative log of a probability in nats, kept 2⁻⁵² away from 0 and 1. */
export function logTerm(probability: number): number {
  return -Math.log(Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON));
}
