import type { ThresholdRule } from "../contract/threshold-rule.ts";

/** Outcome of one threshold, over the rows by which it is chosen. */
interface Candidate {
  threshold: number;
  positives: number;
  truePositives: number;
}

/**
 * Returns the probability from which a row counts as positive, by a rule. It lies halfway between two scores, so that a score is never as
 * good as equal to it. Of equally good thresholds it is the greatest. `unreached` says what no threshold reaches.
 *
 * @param labels - 0 or 1
 */
export function chooseThreshold(
  rule: ThresholdRule,
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): { value: number; unreached?: string } {
  const candidates = candidatesOf(labels, scores);
  const all = candidates.at(-1)!;
  const precision = ({ positives, truePositives }: Candidate): number =>
    positives === 0 ? 0 : truePositives / positives;
  if ("cost" in rule) {
    const { falsePositive, falseNegative } = rule.cost;
    const cost = ({ positives, truePositives }: Candidate): number =>
      (positives - truePositives) * falsePositive + (all.truePositives - truePositives) * falseNegative;
    return { value: candidates.reduce((best, each) => (cost(each) < cost(best) ? each : best)).threshold };
  }
  if ("recall" in rule)
    return {
      value: candidates.find(({ truePositives }) => truePositives / all.truePositives >= rule.recall)!
        .threshold,
    };
  if ("positiveShare" in rule) {
    const most = candidates.findLast(({ positives }) => positives / all.positives <= rule.positiveShare)!;
    return most.positives > 0
      ? { value: most.threshold }
      : {
          value: most.threshold,
          unreached: `a share of at most ${rule.positiveShare}: ${candidates[1]!.positives} of ${all.positives} rows have the greatest score`,
        };
  }
  const found = candidates.findLast((each) => each.positives > 0 && precision(each) >= rule.precision);
  if (found !== undefined) return { value: found.threshold };
  const best = candidates.reduce((most, each) => (precision(each) > precision(most) ? each : most));
  return {
    value: best.threshold,
    unreached: `precision of ${rule.precision}: it is at most ${precision(best).toFixed(4)}`,
  };
}

/** Returns a candidate for no positive row, then one for each score, falling; rows of one score are on one side. */
function candidatesOf(labels: ArrayLike<number>, scores: ArrayLike<number>): Candidate[] {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row).sort(
    (a, b) => scores[b]! - scores[a]!,
  );
  const greatest = scores[order[0]!]!;
  const none = greatest < 1 ? (greatest + 1) / 2 : 1 + Number.EPSILON;
  const candidates: Candidate[] = [{ threshold: none, positives: 0, truePositives: 0 }];
  let truePositives = 0;
  order.forEach((row, place) => {
    truePositives += labels[row]!;
    const next = place + 1 < order.length ? scores[order[place + 1]!]! : undefined;
    if (next === scores[row]) return;
    const threshold = next === undefined ? 0 : (scores[row]! + next) / 2;
    candidates.push({ threshold, positives: place + 1, truePositives });
  });
  return candidates;
}
