import type { Feature } from "../contract/feature.ts";
import { referenceProfileSchema } from "../contract/reference-profile.ts";
import type { ReferenceProfile, VariableProfile } from "../contract/reference-profile.ts";
import { BINARY, watchedScores, type LearntTask } from "../contract/task.ts";
import { naturalVariation } from "./natural-variation.ts";

/** Feature rows, row-major, in the order of their predictions, missing = NaN. */
interface Rows {
  values: Float32Array;
  rows: number;
  columns: number;
}

/** Returns the distributions of features and scores over the training rows, with which later windows are compared. */
export function referenceProfile(
  features: readonly Feature[],
  { values, rows, columns }: Rows,
  scores: ArrayLike<number>,
  task: LearntTask = BINARY,
): ReferenceProfile {
  const varied = (profile: VariableProfile, column: Float64Array): VariableProfile => ({
    ...profile,
    variation: naturalVariation(profile, column),
  });
  const profiles = features.flatMap((feature, at): VariableProfile[] => {
    if (!feature.drift) return [];
    const column = Float64Array.from({ length: rows }, (_, i) => values[i * columns + at]!);
    const profile =
      feature.kind === "categorical"
        ? categoricalProfile(feature.name, column, feature.categories?.length ?? 0)
        : numericProfile(feature.name, column);
    return [varied(profile, column)];
  });
  const watched = watchedScores(task, scores);
  const score = varied(
    task.kind === "multiclass"
      ? categoricalProfile("score", watched, task.classes.length)
      : numericProfile("score", watched),
    watched,
  );
  return referenceProfileSchema.parse({ schemaVersion: 1, rows, features: profiles, score });
}

/**
 * Returns the profile of a numeric variable. Its bins lie between the distinct deciles of the values that are present: value v is in
 * bin i if edges[i-1] < v <= edges[i]. A value that a tenth of the rows have gets its own bin, and so do values below the least and
 * above the greatest one. Without these bins, drift of a nearly constant value or a change of unit could not be seen.
 */
export function numericProfile(name: string, values: Float64Array): VariableProfile {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const edges = edgesOf(present);
  const counts = new Array<number>(edges.length + 2).fill(0);
  let bin = 0;
  for (const value of present) {
    while (bin < edges.length && value > edges[bin]!) bin++;
    counts[bin]!++;
  }
  counts[edges.length + 1] = values.length - present.length;
  return { name, kind: "numeric", edges, shares: counts.map((count) => count / values.length) };
}

/** Returns the inner edges of the bins of sorted values. */
function edgesOf(sorted: Float64Array): number[] {
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  if (least === undefined || greatest === undefined) return [];
  const edges = new Set([floatBelow(least), greatest]);
  for (let k = 1; k <= 9; k++) {
    const decile = sorted[Math.ceil((k * sorted.length) / 10) - 1]!;
    edges.add(decile);
    const first = sorted.indexOf(decile);
    const below = sorted[first - 1];
    const count = sorted.lastIndexOf(decile) - first + 1;
    if (below !== undefined && count >= sorted.length / 10) edges.add(below);
  }
  return [...edges].filter(Number.isFinite).sort((a, b) => a - b);
}

/** Returns the greatest 32-bit float below a value: features are scored and logged in that precision. */
function floatBelow(value: number): number {
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  if (float[0] === 0)
    bits[0] = -0x7fffffff; // the least float below zero
  else bits[0]! += float[0]! > 0 ? -1 : 1;
  return float[0]!;
}

/** Returns the profile of a categorical variable: one bin for each code, one for unknown codes, one for missing values. */
export function categoricalProfile(name: string, values: Float64Array, codes: number): VariableProfile {
  const counts = new Array<number>(codes + 2).fill(0);
  for (const value of values) {
    if (Number.isNaN(value)) counts[codes + 1]!++;
    else counts[Number.isInteger(value) && value >= 0 && value < codes ? value : codes]!++;
  }
  return { name, kind: "categorical", codes, shares: counts.map((count) => count / values.length) };
}
