import type { VariableProfile } from "../contract/reference-profile.ts";

/**
 * Returns the shares of `values` (null = missing) in the bins of a reference profile: the bins in its order, for categories one for
 * unknown codes, then missing. Throws if there are no values, or if the profile's bins do not fit its shares.
 */
export function binShares(profile: VariableProfile, values: readonly (number | null)[]): number[] {
  const bins = binCount(profile);
  if (profile.shares.length !== bins + 1)
    throw new Error(
      `profile of ${profile.name}: shares must have ${bins + 1} bins, got ${profile.shares.length}; package the model again`,
    );
  if (values.length === 0) throw new Error(`profile of ${profile.name}: no values to compare`);
  const counts = Array<number>(bins + 1).fill(0);
  for (const value of values) {
    const bin = binOf(profile, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => count / values.length);
}

/** Returns the number of bins of a profile without the bin of missing values. */
function binCount(profile: VariableProfile): number {
  return profile.kind === "numeric" ? profile.edges.length + 1 : profile.codes + 1;
}

/** Returns the index of a value's bin (null = missing). */
export function binOf(profile: VariableProfile, value: number | null): number {
  if (value === null) return binCount(profile);
  if (profile.kind === "categorical")
    return Number.isInteger(value) && value >= 0 && value < profile.codes ? value : profile.codes;
  // First edge that is not below the value: edges[i - 1] < value <= edges[i].
  let low = 0;
  let high = profile.edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((profile.edges[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
