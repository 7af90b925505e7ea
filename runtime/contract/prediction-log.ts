import { z } from "zod";

/** The Redis stream that holds an environment's sampled predictions of one model; bounded by MAXLEN. */
export function predictionStream(environment: string, model: string): string {
  return `predictions:${environment}:${model}`;
}

/** The one field (`entry`) of each stream record, as JSON. Feature values only: nothing that names a person or a request. */
export const predictionEntrySchema = z.strictObject({
  /** Digest of the model that answered. */
  digest: z.string(),
  /** In the order of the model card; null = missing. */
  features: z.array(z.number().nullable()),
  score: z.number(),
});
export type PredictionEntry = z.infer<typeof predictionEntrySchema>;
