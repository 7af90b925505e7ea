import { z } from "zod";

/** `training.json`: everything that decides what a training run makes. */
export const trainingRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  trainer: z.strictObject({ name: z.string(), version: z.string() }),
  /** Reference of the feature table. */
  features: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  seed: z.int(),
  /** Revision of the code that ran, such as a git commit; `unknown` outside a checkout. */
  codeRevision: z.string(),
  rows: z.int(),
});
export type TrainingRecord = z.infer<typeof trainingRecordSchema>;
