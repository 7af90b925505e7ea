import { z } from "zod";

const numbers = z.array(z.number());

/** Points of a curve, one list for each coordinate; at most 200 points, which lie on the true curve. */
export const rocCurveSchema = z.strictObject({
  /** Score from which rows count as positive; null for none. */
  threshold: z.array(z.number().nullable()),
  falsePositiveRate: numbers,
  truePositiveRate: numbers,
});
export const precisionRecallCurveSchema = z.strictObject({
  threshold: numbers,
  precision: numbers,
  recall: numbers,
});

/** Data of plots, bounded in size. Which there are depends on the task. */
export const evaluationPlotsSchema = z.strictObject({
  /** Binary. */
  roc: rocCurveSchema.optional(),
  /** Binary. */
  precisionRecall: precisionRecallCurveSchema.optional(),
  /** Regression: quantiles of label minus prediction. */
  residuals: z.strictObject({ quantile: numbers, value: numbers }).optional(),
  /** Regression: ten bins of about as many rows, by prediction. */
  predictedVersusObserved: z
    .array(
      z.strictObject({
        /** Least and greatest prediction. */
        low: z.number(),
        high: z.number(),
        rows: z.int(),
        /** Means. */
        predicted: z.number(),
        observed: z.number(),
      }),
    )
    .optional(),
  /** Ranking: mean NDCG of the first places of each group; null if no group has a relevant row. */
  ndcgAt: z.array(z.strictObject({ places: z.int(), ndcg: z.number().nullable() })).optional(),
});
export type EvaluationPlots = z.infer<typeof evaluationPlotsSchema>;
