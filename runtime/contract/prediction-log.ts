import { z } from "zod";

/** The source of a prediction log: one model version that one service of one environment serves. */
export interface PredictionSource {
  /** Name of the environment, such as `staging`. */
  environment: string;
  /** Name of the service in its environment. */
  service: string;
  /** `sha256:<64 hex digits>` of the model artifact. */
  digest: string;
}

/** Returns the key of the Redis stream that holds the sampled predictions of one source; MAXLEN bounds its length. */
export function predictionStream({ environment, service, digest }: PredictionSource): string {
  return `predictions:${environment}:${service}:${digest}`;
}

/**
 * JSON of the only field (`entry`) of each stream record. It holds feature values, but no entity and no personal name. With
 * `id` and `row` the caller can join an outcome that becomes known later.
 */
export const predictionEntrySchema = z.strictObject({
  /** UUID of the request; the answer has it as `prediction_id`. */
  id: z.uuid(),
  /** Position of the row in that request, from 0. */
  row: z.int().min(0),
  /** In the order of the model card; null = missing. */
  features: z.array(z.number().nullable()),
  /** `watchedScores`: the score, or the code of the likeliest class. */
  score: z.number(),
});
export type PredictionEntry = z.infer<typeof predictionEntrySchema>;
