import type { Workload } from "./workload.ts";

/** Kinds of artifacts. Each kind is an OCI artifact type; its files are layers with their names as titles. */
export const ARTIFACT_KINDS = {
  /** `definition.json`: the part of a workload's definition that one step needs (`step-definition.ts`). */
  definition: "application/vnd.slipway.definition.v1",
  /** The upstream package as published, the files of a workload, or the objects of a remote source with `source.json` (SourceManifest). */
  source: "application/vnd.slipway.source.v1",
  /** Parquet tables and `dataset.json` (DatasetManifest). */
  dataset: "application/vnd.slipway.dataset.v1",
  /** `features.parquet` (row keys, features, label) and `features.json` (FeatureTableManifest). */
  features: "application/vnd.slipway.features.v1",
  /**
   * A trained model before its gate: `model.onnx`, the trainer's own file, `training.json` (TrainingRecord). An imported one has
   * `registration.json` (Registration), and `training.json` once it is bound to a feature table.
   */
  candidate: "application/vnd.slipway.candidate.v1",
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

/** Kinds that belong to a workload as a whole. A definition belongs to a workload or, of a step of a model, to that model. */
const WORKLOAD_KINDS = ["definition", "source", "dataset"] as const;
export type WorkloadArtifactKind = (typeof WORKLOAD_KINDS)[number];
export type ModelArtifactKind = Exclude<ArtifactKind, "source" | "dataset">;

export function isWorkloadKind(kind: ArtifactKind): kind is WorkloadArtifactKind {
  return (WORKLOAD_KINDS as readonly string[]).includes(kind);
}

/** Returns the repository of an artifact: `<workload>/<kind>` or `<workload>/<model>/<kind>`. */
export function artifactRepository(workload: string, kind: WorkloadArtifactKind): string;
export function artifactRepository(workload: string, kind: ModelArtifactKind, model: string): string;
export function artifactRepository(workload: string, kind: ArtifactKind, model?: string): string {
  return model === undefined ? `${workload}/${kind}` : `${workload}/${model}/${kind}`;
}

/** Returns every repository that the jobs of a workload push to, including those of models that no service serves. */
export function artifactRepositoriesOf({
  name,
  models,
}: {
  name: string;
  models: readonly Pick<Workload["models"][number], "name">[];
}): string[] {
  const ofModels = (Object.keys(ARTIFACT_KINDS) as ArtifactKind[]).filter(
    (kind): kind is ModelArtifactKind => kind !== "source" && kind !== "dataset",
  );
  return [
    ...WORKLOAD_KINDS.map((kind) => artifactRepository(name, kind)),
    ...models.flatMap((model) => ofModels.map((kind) => artifactRepository(name, kind, model.name))),
  ].sort();
}
