import { z } from "zod";
import { definitionDigestsSchema } from "./definition-digests.ts";
import { learntTaskSchema } from "./task.ts";

/** One input column of a model. Every feature is one float32; a missing value is NaN. */
export const featureSchema = z.strictObject({
  name: z.string(),
  /** The feature view that computes it; `request` if the caller sends it. */
  view: z.string(),
  kind: z.enum(["numeric", "categorical"]),
  /** Categorical only: value of code 0, 1, 2, …; any other value is missing. */
  categories: z.array(z.string()).optional(),
  /** Numeric only: least possible value; a lesser one is missing, in training and in requests. @default - no limit */
  min: z.number().optional(),
  /** Numeric only: greatest possible value; a greater one is missing, in training and in requests. @default - no limit */
  max: z.number().optional(),
  /** False for a feature that changes with the calendar alone: drift is not measured on it. @default true */
  drift: z.boolean().default(true),
  description: z.string().optional(),
});
export type Feature = z.infer<typeof featureSchema>;

/** The part of a view that a server needs; the feature table and the model card hold it. */
export const viewShapeSchema = z.strictObject({
  name: z.string(),
  entity: z.array(z.string()).min(1),
  ttlSeconds: z.number().positive().nullable(),
  /** Feature names in the order of the online values. */
  features: z.array(z.string()).min(1),
  /**
   * `featureViewDigest` of the definition that computes these values; it is part of the keys in the online store.
   * Older artifacts have none.
   */
  digest: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
});
export type ViewShape = z.infer<typeof viewShapeSchema>;

/**
 * `features.parquet` has one float32 column per feature, by the feature's name, and these: `row_key`, `predict_at` (UTC), `split`
 * (`train`, `test`), `label` (a number as the task says, or null), `label_group` of a ranking, one column per entity key and one per
 * segment.
 */
export const GROUP_COLUMN = "label_group";
export const entityColumn = (key: string): string => `entity_${key}`;
export const segmentColumn = (name: string): string => `segment_${name}`;

/** `features.json`: describes the feature table beside it. */
export const featureTableManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  /** Reference of the data set that it was computed from. */
  dataset: z.string(),
  /** Parts of the definition from which it was made. Absent in older tables. */
  definitions: definitionDigestsSchema.optional(),
  features: z.array(featureSchema),
  /** What the labels mean. Absent in older tables, whose labels are 0 or 1. */
  task: learntTaskSchema.optional(),
  /** Name of the label column; null where the outcome is unknown. */
  label: z.string(),
  /** Columns by which evaluation is split, such as `carrier`: VARCHAR columns named by segmentColumn. */
  segments: z.array(z.string()),
  /** The feature views that were joined; their keys are VARCHAR columns named by entityColumn. */
  views: z.array(viewShapeSchema),
  rows: z.strictObject({ train: z.int(), test: z.int() }),
});
export type FeatureTableManifest = z.infer<typeof featureTableManifestSchema>;
