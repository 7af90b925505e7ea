import { z } from "zod";

/** Comparison of a model with another one on the same test rows, by a paired bootstrap. */
export const comparisonSchema = z.strictObject({
  metric: z.string(),
  /** How much better the model is, in the metric's unit; less than 0 if it is worse; null if the metric has no meaning for one of both. */
  gain: z.number().nullable(),
  /** One-sided lower limit of the gain. null if it is not known. */
  lower: z.number().nullable(),
  /** Of the lower limit, such as 0.95. */
  confidence: z.number(),
  resamples: z.int(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** A model that needs no features, and what it scores on the test rows. */
export const baselineSchema = z.strictObject({
  /** Such as `class shares` or `mean`. */
  name: z.string(),
  /** Its score for every row: the share of each class, or one number. Absent where it differs from row to row. */
  scores: z.array(z.number()).optional(),
  metrics: z.record(z.string(), z.number().nullable()),
  comparison: comparisonSchema,
});
export type Baseline = z.infer<typeof baselineSchema>;

/** The version in production, and how the model compares with it. */
export const championOutcomeSchema = z.strictObject({
  /** Reference of the model. */
  reference: z.string(),
  /** Why its scores on these test rows are not known. */
  notComparable: z.string().optional(),
  /** Absent if it is not comparable. */
  metrics: z.record(z.string(), z.number().nullable()).optional(),
  /** Over all rows, and over each judged value of the segment column. */
  comparisons: z.array(
    comparisonSchema.extend({
      segment: z.strictObject({ column: z.string(), value: z.string(), rows: z.int() }).optional(),
    }),
  ),
});
export type ChampionOutcome = z.infer<typeof championOutcomeSchema>;
