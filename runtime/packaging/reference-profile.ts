import type { Feature } from "../contract/feature.ts";
import { referenceProfileSchema } from "../contract/reference-profile.ts";
import type { ReferenceProfile, VariableProfile } from "../contract/reference-profile.ts";
import type { Matrix } from "../features/matrix.ts";

/** How features and scores are distributed over the training rows: bins that later windows are compared by. */
export function referenceProfile(
  features: readonly Feature[],
  { values, rows, columns }: Matrix,
  scores: ArrayLike<number>,
): ReferenceProfile {
  const column = (at: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => values[i * columns + at]!);
  const profiles = features.flatMap((feature, at): VariableProfile[] => {
    if (!feature.drift) return [];
    return [
      feature.kind === "categorical"
        ? categoricalProfile(feature.name, column(at), feature.categories?.length ?? 0)
        : numericProfile(feature.name, column(at)),
    ];
  });
  const score = numericProfile("score", Float64Array.from(scores));
  return referenceProfileSchema.parse({ schemaVersion: 1, rows, features: profiles, score });
}

/** Bins between the distinct deciles of the values that are there: value v is in bin i where edges[i-1] < v <= edges[i]. */
export function numericProfile(name: string, values: Float64Array): VariableProfile {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const decile = (k: number): number => present[Math.ceil((k * present.length) / 10) - 1]!;
  const deciles = present.length === 0 ? [] : [1, 2, 3, 4, 5, 6, 7, 8, 9].map(decile);
  // The greatest value as an edge would leave the bin above it empty for ever.
  const edges = [...new Set(deciles)].filter((edge) => edge < present.at(-1)!);
  const counts = new Array<number>(edges.length + 2).fill(0);
  let bin = 0;
  for (const value of present) {
    while (bin < edges.length && value > edges[bin]!) bin++;
    counts[bin]!++;
  }
  counts[edges.length + 1] = values.length - present.length;
  return { name, kind: "numeric", edges, shares: counts.map((count) => count / values.length) };
}

/** One bin for each code, one for codes outside, one for missing values. */
export function categoricalProfile(name: string, values: Float64Array, codes: number): VariableProfile {
  const counts = new Array<number>(codes + 2).fill(0);
  for (const value of values) {
    if (Number.isNaN(value)) counts[codes + 1]!++;
    else counts[Number.isInteger(value) && value >= 0 && value < codes ? value : codes]!++;
  }
  return { name, kind: "categorical", codes, shares: counts.map((count) => count / values.length) };
}
