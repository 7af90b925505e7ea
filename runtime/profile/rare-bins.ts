/** A bin that fewer rows than this are expected in tells mostly chance: the usual rule for χ² tests. */
const RARE_ROWS = 5;

/** So many rows never fall into a rare bin by chance (once in ten million windows): it stands alone after all. */
const CROWDED_ROWS = 20;

export interface BinShares {
  reference: number[];
  current: number[];
}

/**
 * Merges the bins that are rare in the reference and in a window of `rows` rows. A hundred rare categories then count as one:
 * each of them alone would add noise to PSI, and all of them together would look like drift.
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
