import { createHash } from "node:crypto";
import { z } from "zod";
import { featureSchema } from "./feature.ts";
import type { Feature, ViewShape } from "./feature.ts";
import { kebabNameSchema } from "./kebab-name.ts";

/** One column of a view or of a request: a Feature without its view. */
export const featureColumnSchema = featureSchema
  .omit({ view: true, drift: true })
  .extend({ drift: z.boolean().optional() });
export type FeatureColumn = z.infer<typeof featureColumnSchema>;

/**
 * Defines the history of some features of an entity. Training joins the row that was known at each prediction; materialization
 * writes the last row. Both use a row only from `known_at` on.
 */
export const featureViewSchema = z.strictObject({
  /** Kebab case, such as `origin-weather`. */
  name: kebabNameSchema,
  description: z.string().optional(),
  /** Key columns. They have the same names in the history, in prediction rows and in requests. */
  entity: z.array(z.string()).min(1, "must have a key").readonly(),
  /** Tables of the data set that `history` reads. */
  tables: z.array(z.string()).readonly(),
  /** Length of the window that one row aggregates, in seconds; null if a row is a single observation. */
  windowSeconds: z.number().positive().nullable(),
  /** Greatest age of a value, from event time to prediction time, in seconds; an older value is missing. null: no limit. */
  ttlSeconds: z.number().positive().nullable(),
  /** Features, in the order of the values in the online store. */
  features: z.array(featureColumnSchema).min(1, "must have a feature").readonly(),
  /**
   * DuckDB SQL that returns the key columns, `event_at` (UTC TIMESTAMP: time that the row describes), `known_at` (UTC
   * TIMESTAMP: time from which it could be known; never before event_at) and one column for each feature.
   */
  history: z.string(),
});
export type FeatureView = z.infer<typeof featureViewSchema>;

export function viewShape(view: FeatureView): ViewShape {
  return {
    name: view.name,
    entity: [...view.entity],
    ttlSeconds: view.ttlSeconds,
    features: view.features.map(({ name }) => name),
    digest: featureViewDigest(view),
  };
}

/**
 * Returns 16 hex digits that change with the meaning of a view's online values: its keys, its SQL, its
 * TTL, and the names, kinds, categories and limits of its features, in their order. Descriptions are left out.
 */
export function featureViewDigest({ entity, features, history, ttlSeconds }: FeatureView): string {
  const meaning = {
    entity,
    features: features.map(({ name, kind, categories, min, max }) => ({ name, kind, categories, min, max })),
    history,
    ttlSeconds,
  };
  return createHash("sha256").update(JSON.stringify(meaning)).digest("hex").slice(0, 16);
}

/** `view` of the features that the caller of a model sends. */
export const REQUEST_VIEW = "request";

/** Returns a column as a feature of `view`, with its defaults. */
export function toFeature(column: FeatureColumn, view: string): Feature {
  return featureSchema.parse({ ...column, view });
}
