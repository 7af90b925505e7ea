import type { FeatureRows } from "../../../runtime/features/read-feature-table.ts";
import type { Feature, FeatureTableManifest } from "../../../runtime/contract/feature.ts";
import type { LearntTask } from "../../../runtime/contract/task.ts";

/** Rows of a feature table for tests. Keys are hashed to halves that take turns. */
export function featureRows({
  labels,
  task = { kind: "binary" },
  features = [],
  values = [],
  ...rest
}: {
  labels: readonly number[];
  task?: LearntTask;
  features?: readonly Feature[];
  /** Row-major. */
  values?: readonly number[];
} & Partial<Pick<FeatureRows, "segments" | "groups" | "entities" | "predictAtMs">> & {
    views?: FeatureTableManifest["views"];
  }): FeatureRows {
  const { views = [], segments = {}, entities = {}, ...others } = rest;
  return {
    manifest: {
      schemaVersion: 1,
      workload: "w",
      model: "m",
      dataset: "d",
      features: [...features],
      task,
      label: "label",
      segments: Object.keys(segments),
      views,
      rows: { train: 0, test: labels.length },
    },
    rows: labels.length,
    values: Float32Array.from(values),
    labels: Float32Array.from(labels),
    predictAtMs: new Float64Array(labels.length),
    keyHashes: Uint32Array.from(labels, (_, row) => row),
    segments,
    entities,
    ...others,
  };
}
