/** A bin with fewer expected rows than this is rare, as in χ² tests: its count is mostly chance. */
const RARE_ROWS = 5;

/** A rare bin with this many rows is not merged: by chance that happens once in ten million windows. */
const CROWDED_ROWS = 20;

export interface BinShares {
  reference: number[];
  current: number[];
}

/**
 * Merges the bins that are rare in the reference and in a window of `rows` rows into one. Otherwise each of a hundred rare categories
 * would add noise to PSI, and together they would look like drift.
 */
export function mergeRareBins(
  reference: readonly number[],
  current: readonly number[],
  rows: number,
): BinShares {
  const merged: BinShares = { reference: [], current: [] };
  const rare = { reference: 0, current: 0, bins: 0 };
  reference.forEach((share, i) => {
    const now = current[i] ?? 0;
    if (share * rows >= RARE_ROWS || now * rows >= CROWDED_ROWS) {
      merged.reference.push(share);
      merged.current.push(now);
    } else {
      rare.reference += share;
      rare.current += now;
      rare.bins++;
    }
  });
  if (rare.bins > 0) {
    merged.reference.push(rare.reference);
    merged.current.push(rare.current);
  }
  return merged;
}
