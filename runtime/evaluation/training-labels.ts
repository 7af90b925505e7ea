import type { FeatureRows } from "../features/read-feature-table.ts";

/** The part of labelled training rows from which baselines are made. */
export type TrainingLabels = Pick<FeatureRows, "labels" | "predictAtMs" | "entities" | "manifest">;
