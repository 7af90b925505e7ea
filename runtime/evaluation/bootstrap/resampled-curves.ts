import type { ResampledMetric } from "./paired-bootstrap.ts";

type Numbers = ArrayLike<number>;

/** Rows by score, and for each place whether the next score differs. */
function sorted(labels: Numbers, scores: Numbers, by: "rising" | "falling"): SortedRows {
  const sign = by === "rising" ? 1 : -1;
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => sign * (scores[a]! - scores[b]!),
  );
  return {
    order,
    positive: Uint8Array.from(order, (row) => labels[row]!),
    isLast: Uint8Array.from(order, (row, place) =>
      Number(place + 1 === order.length || scores[row] !== scores[order[place + 1]!]),
    ),
  };
}
interface SortedRows {
  order: Uint32Array;
  positive: Uint8Array;
  isLast: Uint8Array;
}

/** The area under the ROC curve, as in `areaUnderRoc`: one pass over rows that are sorted once. */
export function resampledAuc(labels: Numbers, scores: Numbers): ResampledMetric {
  const { order, positive, isLast } = sorted(labels, scores, "rising");
  return (counts) => {
    let [below, positives, wins] = [0, 0, 0];
    let [tiedPositive, tiedNegative] = [0, 0];
    for (let place = 0; place < order.length; place++) {
      const count = counts[order[place]!]!;
      const positiveCount = count * positive[place]!;
      tiedPositive += positiveCount;
      tiedNegative += count - positiveCount;
      if (isLast[place] === 0) continue;
      wins += tiedPositive * (below + tiedNegative / 2);
      below += tiedNegative;
      positives += tiedPositive;
      tiedPositive = 0;
      tiedNegative = 0;
    }
    return positives === 0 || below === 0 ? null : wins / (positives * below);
  };
}

/** The average precision, as in `averagePrecision`: one pass over rows that are sorted once. */
export function resampledAveragePrecision(labels: Numbers, scores: Numbers): ResampledMetric {
  const { order, positive, isLast } = sorted(labels, scores, "falling");
  return (counts) => {
    let [seen, found, hits, sum] = [0, 0, 0, 0];
    for (let place = 0; place < order.length; place++) {
      const count = counts[order[place]!]!;
      seen += count;
      hits += count * positive[place]!;
      if (isLast[place] === 0) continue;
      found += hits;
      if (hits > 0) sum += (hits * found) / seen;
      hits = 0;
    }
    return found === 0 ? null : sum / found;
  };
}
