import { z } from "zod";

const share = z.number().gt(0).lt(1);
const costOf = z.number().positive();

const RULE =
  "must be a number from 0 to 1, { cost: { falsePositive: 1, falseNegative: 5 } }, { precision: 0.9 }, { recall: 0.8 } or { positiveShare: 0.1 }, shares between 0 and 1";

/** How the threshold of a binary model is chosen, on one half of the test rows. */
export const thresholdRuleSchema = z.union(
  [
    /** The least cost of all wrong decisions. Costs are in any unit; what counts is their ratio. */
    z.strictObject({ cost: z.strictObject({ falsePositive: costOf, falseNegative: costOf }) }),
    /** As many rows as possible, of which at least this share is truly positive. */
    z.strictObject({ precision: share }),
    /** As few rows as possible that find at least this share of all that are truly positive. */
    z.strictObject({ recall: share }),
    /** At most this share of all rows, those with the greatest scores. */
    z.strictObject({ positiveShare: share }),
  ],
  { error: RULE },
);
export type ThresholdRule = z.infer<typeof thresholdRuleSchema>;

/** Probability from which a row counts as positive, or how it is chosen. */
export const thresholdSchema = z.union([z.number().min(0).max(1), thresholdRuleSchema], { error: RULE });
export type Threshold = z.infer<typeof thresholdSchema>;

/** The threshold that a rule gave. */
export const chosenThresholdSchema = z.strictObject({
  value: z.number(),
  rule: thresholdRuleSchema,
  /** Test rows by which it was chosen, and the others, on which metrics at the threshold are computed. */
  rows: z.strictObject({ chosenOn: z.int(), judgedOn: z.int() }),
  /** What no threshold reaches on those rows, such as `precision of 0.9: at most 0.83`. */
  unreached: z.string().optional(),
});
export type ChosenThreshold = z.infer<typeof chosenThresholdSchema>;
