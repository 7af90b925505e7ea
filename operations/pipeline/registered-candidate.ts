import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import {
  manifestFiles,
  manifestSchema,
  manifestBytes,
  type ArtifactFile,
} from "../../runtime/artifacts/manifest.ts";
import { digestOf } from "../../runtime/artifacts/digest.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { featureTableManifestSchema, type FeatureTableManifest } from "../../runtime/contract/feature.ts";
import { LATEST } from "../../runtime/contract/moving-tags.ts";
import { registrationSchema, type Registration } from "../../runtime/contract/registration.ts";
import {
  definitionDigest,
  stepDefinition,
  type PinnedWorkload,
} from "../../runtime/contract/step-definition.ts";
import { trainingRecordSchema, type TrainingRecord } from "../../runtime/contract/training-record.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { tagArtifact, taggedReference } from "./step-artifacts.ts";

/** A registered file in the registry. */
export interface RegisteredCandidate {
  /** Reference of the candidate. */
  reference: string;
  files: readonly ArtifactFile[];
  registration: Registration;
}

/** Whether a model's file is registered, and not trained. */
export function isImported({ models }: Pick<Workload, "models">, model: string): boolean {
  return models.some(({ name, trainer }) => name === model && trainer.kind === "import");
}

/** Returns the file of a model that was registered last; undefined if there is none. */
export async function registeredCandidate(
  registry: RegistryClient,
  workload: string,
  model: string,
): Promise<RegisteredCandidate | undefined> {
  const repository = artifactRepository(workload, "candidate", model);
  const reference = await taggedReference(registry, repository, LATEST);
  if (reference === undefined) return undefined;
  const raw = await registry.getManifest(repository, parseArtifactReference(reference).digest);
  const manifest = manifestSchema.parse(JSON.parse(raw?.bytes.toString() ?? "null"));
  const files = manifestFiles(manifest);
  // The candidate of a trainer has none.
  if (!files.some(({ name }) => name === "registration.json")) return undefined;
  const registration = await readArtifactJson(
    registry,
    reference,
    "candidate",
    "registration.json",
    registrationSchema,
  );
  return { reference, files, registration };
}

/** Returns the sentence that says how to register the file of a model. */
export function howToRegister(model: string): string {
  return `its trainer is "import", and no file is registered: npm run register -- --model ${model} --onnx FILE`;
}

/**
 * Takes the registered file of a model as the candidate of a run, in place of a training: binds it to the feature table on which it is
 * judged. Returns the reference of the candidate. Throws an error with the fix if none is registered, or if the rows of the table have
 * other columns or another task than those for which it was registered.
 */
export async function bindRegistered(
  registry: RegistryClient,
  { workload, model, features }: { workload: PinnedWorkload; model: string; features: string },
): Promise<string> {
  const registered = await registeredCandidate(registry, workload.name, model);
  if (registered === undefined) throw new Error(`${model}: ${howToRegister(model)}`);
  const { registration, files } = registered;
  const table = await readArtifactJson(
    registry,
    features,
    "features",
    "features.json",
    featureTableManifestSchema,
  );
  const fault = misfit(registration, table, workload.models.find(({ name }) => name === model)?.task);
  if (fault !== undefined)
    throw new Error(
      `${model}: ${fault}: npm run register -- --model ${model} --onnx FILE with a file for the definition as it is now`,
    );
  const record = Buffer.from(
    `${JSON.stringify(trainingRecord(registration, table, { features, train: definitionDigest(stepDefinition("train", workload, model)) }), null, 2)}\n`,
  );
  const training: ArtifactFile = { name: "training.json", digest: digestOf(record), size: record.length };
  const repository = artifactRepository(workload.name, "candidate", model);
  const bytes = manifestBytes({
    kind: "candidate",
    files: [...files.filter(({ name }) => name !== training.name), training],
  });
  const digest = digestOf(bytes);
  await registry.pushBlob(repository, training.digest, record);
  await registry.putManifest(repository, digest, bytes);
  const reference = `${repository}@${digest}`;
  await tagArtifact(registry, reference, digest.slice("sha256:".length, "sha256:".length + 24));
  return reference;
}

/** Returns why a registered file does not fit a feature table; undefined if it does. */
function misfit(
  registration: Registration,
  table: FeatureTableManifest,
  task: Registration["task"] | undefined,
): string | undefined {
  const columns = (features: Registration["features"]): string =>
    features
      .map(({ name, categories }) => (categories === undefined ? name : `${name} (${categories.join(", ")})`))
      .join(", ");
  const [wanted, got] = [columns(registration.features), columns(table.features)];
  if (wanted !== got) return `the registered file takes ${wanted}, and the definition has ${got} now`;
  if (JSON.stringify(registration.task) !== JSON.stringify(task))
    return `the file was registered for task ${JSON.stringify(registration.task)}, and the definition has ${JSON.stringify(task)} now`;
  return undefined;
}

function trainingRecord(
  { workload, model, source, producer, changes, onnx, examples, codeRevision }: Registration,
  table: FeatureTableManifest,
  { features, train }: { features: string; train: string },
): TrainingRecord {
  return trainingRecordSchema.parse({
    schemaVersion: 1,
    workload,
    model,
    trainer: { name: "import", version: producer === "" ? "unknown" : producer },
    definitions: { ...table.definitions, train },
    features,
    params: { file: source.file, source: source.digest, changes: changes.join("; ") },
    // Nothing is drawn by chance.
    seed: 0,
    codeRevision,
    rows: table.rows.train,
    onnx,
    parity: examples ?? { rows: 0, maxAbsoluteDifference: 0 },
  });
}
