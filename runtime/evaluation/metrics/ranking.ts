import { averagePrecision } from "./binary.ts";

/** Rows of one query: how relevant each is, at least 0, and its score. */
export interface RankedGroup {
  labels: ArrayLike<number>;
  scores: ArrayLike<number>;
}

/**
 * Returns the normalized discounted cumulative gain of a group: linear gains, discount log2, rows of one score share their mean discount.
 * null if no row is relevant.
 *
 * @param k - number of places that count. @default - all
 * @see Järvelin, Kekäläinen: Cumulated gain-based evaluation of IR techniques (TOIS 2002); ties as in scikit-learn's ndcg_score
 */
export function ndcg({ labels, scores }: RankedGroup, k = labels.length): number | null {
  const ideal = discountedGain(labels, labels, k);
  return ideal === 0 ? null : discountedGain(labels, scores, k) / ideal;
}

function discountedGain(labels: ArrayLike<number>, scores: ArrayLike<number>, k: number): number {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[b]! - scores[a]!,
  );
  let sum = 0;
  for (let start = 0; start < Math.min(k, order.length);) {
    let end = start;
    let gain = 0;
    let discount = 0;
    for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end++) {
      gain += labels[order[end]!]!;
      if (end < k) discount += 1 / Math.log2(end + 2);
    }
    sum += (gain / (end - start)) * discount;
    start = end;
  }
  return sum;
}

/** Returns the mean of a metric over the groups that have it; null if none has. */
export function meanOverGroups(
  groups: readonly RankedGroup[],
  metric: (group: RankedGroup) => number | null,
): number | null {
  const values = groups.map(metric).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the mean average precision: a row counts as relevant if its label is more than 0. Groups without one are left out. */
export function meanAveragePrecision(groups: readonly RankedGroup[]): number | null {
  return meanOverGroups(groups, ({ labels, scores }) =>
    averagePrecision(
      Uint8Array.from({ length: labels.length }, (_, row) => Number(labels[row]! > 0)),
      scores,
    ),
  );
}
