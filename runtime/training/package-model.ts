import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../artifacts/digest.ts";
import type { Evaluation } from "../contract/evaluation.ts";
import { modelCardSchema, modelExamplesSchema } from "../contract/model-card.ts";
import type { ModelCard, ModelExamples } from "../contract/model-card.ts";
import type { TrainingRecord } from "../contract/training-record.ts";
import type { ModelDefinition } from "../contract/workload.ts";
import { Refused } from "../errors.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import type { LightGbm, Matrix } from "./lightgbm/lightgbm.ts";
import { parseLightGbmModel } from "./lightgbm/lightgbm-model.ts";
import { checkParity } from "./parity.ts";
import { provenance } from "./provenance.ts";
import { referenceProfile } from "./reference-profile.ts";
import { scoreOnnx } from "./score-onnx.ts";
import { ONNX_INPUT, ONNX_OUTPUT, toOnnx } from "./lightgbm/to-onnx.ts";

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
  definition: ModelDefinition;
  /** LightGBM's model text. */
  booster: string;
  training: TrainingRecord;
  evaluation: Evaluation;
  evaluationReference: string;
  train: FeatureRows;
  test: FeatureRows;
  library: LightGbm;
  threads: number;
  directory: string;
}

/**
 * Writes the files of a model artifact. Throws Refused where the gate refused the model, and where the ONNX model does not give
 * the booster's scores on every test row.
 */
export async function packageModel(options: PackageOptions): Promise<ModelCard> {
  const { definition, booster, training, evaluation, train, test, library, threads, directory } = options;
  refuseUnlessPassed(evaluation);
  const onnx = toOnnx(definition.name, parseLightGbmModel(booster));
  const expected = library.predict(booster, matrix(test));
  const difference = checkParity(expected, await scoreOnnx(onnx, matrix(test), threads));
  const { features, views, dataset } = train.manifest;
  const card = modelCardSchema.parse({
    schemaVersion: 1,
    workload: training.workload,
    name: definition.name,
    description: definition.description,
    input: { name: ONNX_INPUT, datatype: "FP32", shape: [-1, features.length] },
    output: { name: ONNX_OUTPUT, datatype: "FP32", shape: [-1, 1] },
    features: features.map((feature, column) => ({
      ...feature,
      missingInTraining: isMissingSomewhere(train, column),
    })),
    views,
    threshold: definition.threshold,
    metrics: evaluation.metrics,
    gate: evaluation.gate,
    parity: { rows: test.rows, maxAbsoluteDifference: difference },
    lineage: {
      dataset,
      features: training.features,
      candidate: evaluation.candidate,
      evaluation: options.evaluationReference,
      codeRevision: training.codeRevision,
    },
  });
  const profile = referenceProfile(features, matrix(train), library.predict(booster, matrix(train)));
  const statement = provenance({ modelDigest: digestOf(onnx), lineage: card.lineage, training });
  await writeFile(join(directory, "model.onnx"), onnx);
  await writeJson(directory, "model-card.json", card);
  await writeJson(directory, "reference-profile.json", profile);
  await writeJson(directory, "provenance.json", statement);
  await writeJson(directory, "examples.json", examples(test, expected));
  return card;
}

/** Throws Refused, with the gate's reason. */
export function refuseUnlessPassed({ workload, model, gate }: Evaluation): void {
  if (gate.verdict !== "passed")
    throw new Refused(`${workload}/${model}: the gate refused this model: ${gate.reason}`);
}

/** Rows spread evenly over the test months. */
function examples(test: FeatureRows, scores: Float64Array): ModelExamples {
  const width = test.manifest.features.length;
  const count = Math.min(EXAMPLE_ROWS, test.rows);
  const picked = Array.from({ length: count }, (_, i) => Math.floor((i * test.rows) / count));
  return modelExamplesSchema.parse({
    schemaVersion: 1,
    rows: picked.map((row) =>
      Array.from(test.values.subarray(row * width, (row + 1) * width), (v) => (Number.isNaN(v) ? null : v)),
    ),
    scores: picked.map((row) => scores[row]),
  });
}

function isMissingSomewhere({ values, rows, manifest }: FeatureRows, column: number): boolean {
  const width = manifest.features.length;
  for (let row = 0; row < rows; row++) if (Number.isNaN(values[row * width + column])) return true;
  return false;
}

function matrix({ values, rows, manifest }: FeatureRows): Matrix {
  return { values, rows, columns: manifest.features.length };
}

async function writeJson(
  directory: string,
  name: (typeof MODEL_FILES)[number],
  content: unknown,
): Promise<void> {
  const text = name === "examples.json" ? JSON.stringify(content) : JSON.stringify(content, null, 2);
  await writeFile(join(directory, name), `${text}\n`);
}
