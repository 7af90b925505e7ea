import { createHash } from "node:crypto";
import { featureSchema } from "./feature.ts";
import type { Feature, ViewShape } from "./feature.ts";

/** One column of a view or of a request: a Feature before it is tied to its view. */
export type FeatureColumn = Omit<Feature, "view" | "drift"> & { drift?: boolean };

/**
 * What is known about an entity over time, defined once: training joins it as of each prediction, materialization takes
 * its last row. Both see a row only from `known_at` on.
 */
export interface FeatureView {
  /** Kebab case, such as `origin-weather`. */
  name: string;
  description: string;
  /** Key columns: the same names in the history, in prediction rows and in requests. */
  entity: readonly string[];
  /** Tables of the data set that `history` reads. */
  tables: readonly string[];
  /** Length of the window that one row sums up, in seconds; null where a row is a single observation. */
  windowSeconds: number | null;
  /** Age, from event time to prediction time, past which a value counts as missing; null: it never ages. */
  ttlSeconds: number | null;
  /** Order of the values online. */
  features: readonly FeatureColumn[];
  /**
   * DuckDB SQL that returns the key columns, `event_at` (UTC TIMESTAMP: what the row is about), `known_at` (UTC
   * TIMESTAMP: from when it could be known; never before event_at) and one column for each feature.
   */
  history: string;
}

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
 * Returns 16 hex digits that change with anything that changes what a view's online values mean: its keys, its SQL, its
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

/** `view` that the caller of a model brings along. */
export const REQUEST_VIEW = "request";

/** A column as a feature of `view`, with its defaults. */
export function toFeature(column: FeatureColumn, view: string): Feature {
  return featureSchema.parse({ ...column, view });
}
