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

/** A view as a server needs it: carried by the feature table and the model card. */
export const viewShapeSchema = z.strictObject({
  name: z.string(),
  entity: z.array(z.string()).min(1),
  ttlSeconds: z.number().positive().nullable(),
  /** Feature names in the order of the online values. */
  features: z.array(z.string()).min(1),
  /**
   * `featureViewDigest` of the definition that these values come from; it is part of the keys in the online store.
   * Older artifacts have none.
   */
  digest: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
});
export type ViewShape = z.infer<typeof viewShapeSchema>;

/**
 * Columns of `features.parquet` beside the features, which go by their own names as float32: `row_key`, `predict_at` (UTC),
 * `split` (`train`, `test`), `label` (0, 1, null), and these.
 */
export const entityColumn = (key: string): string => `entity_${key}`;
export const segmentColumn = (name: string): string => `segment_${name}`;

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
  /** What cuts evaluation into segments, such as `carrier`: VARCHAR columns named by segmentColumn. */
  segments: z.array(z.string()),
  /** The feature views it was joined from; their keys are VARCHAR columns named by entityColumn. */
  views: z.array(viewShapeSchema),
  rows: z.strictObject({ train: z.int(), test: z.int() }),
});
export type FeatureTableManifest = z.infer<typeof featureTableManifestSchema>;
