/** What an artifact holds. Each kind is an OCI artifact type, and its files are layers titled by their names. */
export const ARTIFACT_KINDS = {
  /** The upstream package as published: one file. */
  source: "application/vnd.slipway.source.v1",
  /** Parquet tables and `dataset.json` (DatasetManifest). */
  dataset: "application/vnd.slipway.dataset.v1",
  /** `features.parquet` (row keys, features, label) and `features.json` (FeatureTableManifest). */
  features: "application/vnd.slipway.features.v1",
  /** What a trainer made before packaging: `model.txt` for LightGBM, and `training.json` (TrainingRecord). */
  booster: "application/vnd.slipway.booster.v1",
  /** `evaluation.json` (Evaluation). */
  evaluation: "application/vnd.slipway.evaluation.v1",
  /** `model.onnx`, `model-card.json`, `reference-profile.json`, `provenance.json`, `examples.json`. */
  model: "application/vnd.slipway.model.v1",
  /** `validation.json` (ValidationReport). */
  validation: "application/vnd.slipway.validation.v1",
  /** `drift-report.json` (DriftReport). */
  drift: "application/vnd.slipway.drift-report.v1",
} as const;

export type ArtifactKind = keyof typeof ARTIFACT_KINDS;

/** The repository of an artifact. `source` and `dataset` belong to the workload, the rest to one of its models. */
export function artifactRepository(workload: string, kind: "source" | "dataset"): string;
export function artifactRepository(
  workload: string,
  kind: Exclude<ArtifactKind, "source" | "dataset">,
  model: string,
): string;
export function artifactRepository(workload: string, kind: ArtifactKind, model?: string): string {
  return model === undefined ? `${workload}/${kind}` : `${workload}/${model}/${kind}`;
}

/** Tags of a model repository, moved by promotion, never by training alone. */
export const MODEL_ALIASES = ["challenger", "champion"] as const;
export type ModelAlias = (typeof MODEL_ALIASES)[number];
