/** Labels are 0 or 1; scores are probabilities of label 1. Both have one entry per row. */
type Numbers = ArrayLike<number>;

/**
 * Returns the area under the ROC curve by the Mann-Whitney statistic, with ties counted half; null unless both classes are present.
 * @see https://en.wikipedia.org/wiki/Receiver_operating_characteristic#Area_under_the_curve
 */
export function areaUnderRoc(labels: Numbers, scores: Numbers): number | null {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[a]! - scores[b]!,
  );
  let positives = 0;
  let ranks = 0;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++;
    const midRank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++)
      if (labels[order[i]!] === 1) {
        positives++;
        ranks += midRank;
      }
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Returns the mean negative log likelihood in nats; scores are kept 2⁻⁵² away from 0 and 1, as in scikit-learn. */
export function logLoss(labels: Numbers, scores: Numbers): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = Math.min(Math.max(scores[i]!, Number.EPSILON), 1 - Number.EPSILON);
    sum -= Math.log(labels[i] === 1 ? p : 1 - p);
  }
  return sum / labels.length;
}

/** Returns the mean squared error of the probability. */
export function brierScore(labels: Numbers, scores: Numbers): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (labels[i]! - scores[i]!) ** 2;
  return sum / labels.length;
}

/**
 * Returns the average precision, the area under the precision-recall curve without interpolation; null if no label is 1. Rows of one
 * score count together, so that their order does not matter.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.average_precision_score.html
 */
export function averagePrecision(labels: Numbers, scores: Numbers): number | null {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[b]! - scores[a]!,
  );
  let found = 0;
  let sum = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let hits = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!])
      hits += labels[order[end++]!]!;
    found += hits;
    sum += (hits * found) / end;
    start = end;
  }
  return found === 0 ? null : sum / found;
}

/** Returns the share of rows with label 1. */
export function prevalence(labels: Numbers): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += labels[i]!;
  return positives / labels.length;
}

export interface Confusion {
  threshold: number;
  truePositive: number;
  falsePositive: number;
  trueNegative: number;
  falseNegative: number;
}

/**
 * Counts outcomes at a threshold; a score equal to it counts as positive.
 *
 * @param counted - 0 for rows that do not count. @default - all rows count
 */
export function confusionAt(
  labels: Numbers,
  scores: Numbers,
  threshold: number,
  counted?: Uint8Array,
): Confusion {
  const counts = { threshold, truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
  for (let i = 0; i < labels.length; i++) {
    if (counted?.[i] === 0) continue;
    const positive = scores[i]! >= threshold;
    if (labels[i] === 1) counts[positive ? "truePositive" : "falseNegative"]++;
    else counts[positive ? "falsePositive" : "trueNegative"]++;
  }
  return counts;
}

/** Returns the harmonic mean of precision and recall; 0 if no row is a true positive. */
export function f1Score({ truePositive, falsePositive, falseNegative }: Confusion): number {
  return truePositive === 0 ? 0 : (2 * truePositive) / (2 * truePositive + falsePositive + falseNegative);
}
