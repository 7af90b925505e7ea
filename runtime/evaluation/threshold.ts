import type { ChosenThreshold, Threshold } from "../contract/threshold-rule.ts";
import { BadInput } from "../errors.ts";
import { chooseThreshold } from "./choose-threshold.ts";

/** A threshold, and the rows on which it is judged. */
export interface JudgedThreshold {
  value: number;
  /** 0 for rows by which it was chosen. @default - it was not chosen: all rows judge it */
  heldOut?: Uint8Array;
  /** @default - the definition names the number */
  chosen?: ChosenThreshold;
}

/**
 * Returns the threshold of a binary model. One that is chosen by a rule is chosen on one half of the test rows, by a hash of their keys,
 * and judged on the other: metrics at a threshold are too good on the rows that it was chosen for. Scores of training rows are no use for
 * it, because the model knows the labels of those.
 *
 * @param owner - workload and model, for messages
 */
export function judgedThreshold(
  owner: string,
  threshold: Threshold,
  rows: { labels: ArrayLike<number>; scores: ArrayLike<number>; keyHashes: Uint32Array | undefined },
): JudgedThreshold {
  if (typeof threshold === "number") return { value: threshold };
  const { labels, scores, keyHashes } = rows;
  if (keyHashes === undefined)
    throw new Error(`${owner}: a threshold that is chosen needs hashes of the keys of rows`);
  const heldOut = Uint8Array.from(keyHashes, (hash) => hash & 1);
  const chosenOn = [...heldOut.keys()].filter((row) => heldOut[row] === 0);
  const ownLabels = chosenOn.map((row) => labels[row]!);
  const positives = ownLabels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === ownLabels.length)
    throw new BadInput(
      `${owner}: threshold must be chosen on rows of both outcomes, got ${positives} positive rows of ${ownLabels.length}, one half of the test rows; test on more rows, or give the threshold as a number`,
    );
  const { value, unreached } = chooseThreshold(
    threshold,
    ownLabels,
    chosenOn.map((row) => scores[row]!),
  );
  return {
    value,
    heldOut,
    chosen: {
      value,
      rule: threshold,
      rows: { chosenOn: chosenOn.length, judgedOn: labels.length - chosenOn.length },
      ...(unreached === undefined ? {} : { unreached }),
    },
  };
}
