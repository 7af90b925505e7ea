import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Evaluation } from "../contract/evaluation.ts";
import { modelCardSchema, modelExamplesSchema } from "../contract/model-card.ts";
import type { ModelCard, ModelExamples } from "../contract/model-card.ts";
import type { TrainingRecord } from "../contract/training-record.ts";
import { BINARY, outputsOf } from "../contract/task.ts";
import type { StepDefinition } from "../contract/step-definition.ts";
import { toMatrix } from "../features/matrix.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import { ONNX_INPUT, outputName } from "../onnx/model-signature.ts";
import { scoreOnnx } from "../onnx/score-onnx.ts";
import { provenance } from "./provenance.ts";
import { referenceProfile } from "../profile/reference-profile.ts";

/** Files of a model artifact. */
export const MODEL_FILES = [
  "model.onnx",
  "model-card.json",
  "reference-profile.json",
  "provenance.json",
  "examples.json",
] as const;

const EXAMPLE_ROWS = 1000;

export interface PackageOptions {
  definition: StepDefinition<"package">;
  /** `model.onnx`. */
  onnx: Uint8Array;
  training: TrainingRecord;
  /** Evaluation of this candidate; it passed its gate. */
  evaluation: Evaluation;
  evaluationReference: string;
  train: FeatureRows;
  test: FeatureRows;
  threads: number;
  directory: string;
}

/** Writes the files of a model artifact: the evaluated `model.onnx`, and its card, profile, provenance and examples. */
export async function packageModel(options: PackageOptions): Promise<ModelCard> {
  const { onnx, training, evaluation, train, test, threads, directory } = options;
  const { model, featureDescriptions } = options.definition;
  const { features, views, dataset, task = BINARY } = train.manifest;
  const card = modelCardSchema.parse({
    schemaVersion: 1,
    workload: training.workload,
    name: model.name,
    description: model.description,
    onnx: training.onnx,
    input: { name: ONNX_INPUT, datatype: "FP32", shape: [-1, features.length] },
    task,
    output: { name: outputName(task), datatype: "FP32", shape: [-1, outputsOf(task)] },
    features: features.map((feature, column) => ({
      ...feature,
      description: featureDescriptions[feature.name],
      missingInTraining: isMissingSomewhere(train, column),
    })),
    views,
    threshold: evaluation.confusion?.threshold ?? 0.5,
    metrics: evaluation.metrics,
    baselines: evaluation.baselines?.map(({ name, metrics }) => ({ name, metrics })),
    gate: evaluation.gate,
    parity: training.parity,
    lineage: {
      dataset,
      features: training.features,
      candidate: evaluation.candidate,
      evaluation: options.evaluationReference,
      codeRevision: training.codeRevision,
      definitions: evaluation.definitions,
    },
  });
  const score = (rows: FeatureRows): Promise<Float32Array> => scoreOnnx(onnx, toMatrix(rows), threads);
  await writeFile(join(directory, "model.onnx"), onnx);
  await writeJson(directory, "model-card.json", card);
  await writeJson(
    directory,
    "reference-profile.json",
    referenceProfile(features, toMatrix(train), await score(train), task),
  );
  await writeJson(directory, "provenance.json", provenance({ lineage: card.lineage, training }));
  await writeJson(directory, "examples.json", examples(test, await score(test), outputsOf(task)));
  return card;
}

/** Returns test rows, spread evenly over their time, with their scores. */
function examples(test: FeatureRows, scores: Float32Array, outputs: number): ModelExamples {
  const width = test.manifest.features.length;
  const count = Math.min(EXAMPLE_ROWS, test.rows);
  const picked = Array.from({ length: count }, (_, i) => Math.floor((i * test.rows) / count));
  return modelExamplesSchema.parse({
    schemaVersion: 1,
    rows: picked.map((row) =>
      Array.from(test.values.subarray(row * width, (row + 1) * width), (v) => (Number.isNaN(v) ? null : v)),
    ),
    scores: picked.flatMap((row) => [...scores.subarray(row * outputs, (row + 1) * outputs)]),
    request: requestOf(test, picked.at(-1) ?? 0),
  });
}

/** Returns the keys of a row and, if something is looked up by them, its time. */
function requestOf({ entities, predictAtMs, manifest }: FeatureRows, row: number): ModelExamples["request"] {
  const at = predictAtMs[row];
  return {
    ...(manifest.views.length === 0 || at === undefined ? {} : { at: new Date(at).toISOString() }),
    entities: Object.fromEntries(
      Object.entries(entities).flatMap(([key, values]) => {
        const value = values[row] ?? null;
        return value === null ? [] : [[key, value]];
      }),
    ),
  };
}

function isMissingSomewhere({ values, rows, manifest }: FeatureRows, column: number): boolean {
  const width = manifest.features.length;
  for (let row = 0; row < rows; row++) if (Number.isNaN(values[row * width + column])) return true;
  return false;
}

async function writeJson(
  directory: string,
  name: (typeof MODEL_FILES)[number],
  content: unknown,
): Promise<void> {
  const text = name === "examples.json" ? JSON.stringify(content) : JSON.stringify(content, null, 2);
  await writeFile(join(directory, name), `${text}\n`);
}
