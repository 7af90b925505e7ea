import { z } from "zod";

/** What a prediction log belongs to: one model version that one service of one environment serves. */
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
 * The one field (`entry`) of each stream record, as JSON. It holds feature values only: no entity and no other name of a
 * person. The caller knows the prediction by `id` and `row`, so that an outcome that comes later finds its prediction.
 */
export const predictionEntrySchema = z.strictObject({
  /** UUID of the request that was answered; the answer carries it as `prediction_id`. */
  id: z.uuid(),
  /** Position of the row in that request, from 0. */
  row: z.int().min(0),
  /** In the order of the model card; null = missing. */
  features: z.array(z.number().nullable()),
  score: z.number(),
});
export type PredictionEntry = z.infer<typeof predictionEntrySchema>;
