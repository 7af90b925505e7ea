import { z } from "zod";

/** One input of a model, in the order of its columns. Every feature is one float32; a missing value is NaN. */
export const featureSchema = z.strictObject({
  name: z.string(),
  /** The feature view that computes it; `request` means that the caller brings it. */
  view: z.string(),
  kind: z.enum(["numeric", "categorical"]),
  /** Categorical only: value of code 0, 1, 2, …; a value outside is missing. */
  categories: z.array(z.string()).optional(),
  /** False for what moves by the calendar alone: it is left out of drift. @default true */
  drift: z.boolean().default(true),
  description: z.string().optional(),
});
export type Feature = z.infer<typeof featureSchema>;

/** `features.json`: what a feature table holds. */
export const featureTableManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  /** Reference of the data set it was computed from. */
  dataset: z.string(),
  features: z.array(featureSchema),
  /** Name of the label column: 0 or 1, null where the outcome is unknown. */
  label: z.string(),
  /** Columns that cut evaluation into segments, such as `carrier`. */
  segments: z.array(z.string()),
  rows: z.strictObject({ train: z.int(), test: z.int() }),
});
export type FeatureTableManifest = z.infer<typeof featureTableManifestSchema>;
