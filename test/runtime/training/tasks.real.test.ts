import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { modelExamplesSchema, scoreDistance } from "../../../runtime/contract/model-card.ts";
import { packageModel } from "../../../runtime/packaging/package-model.ts";
import { loadScorer } from "../../../runtime/serving/scorer.ts";
import { predictionAnswer } from "../../../runtime/serving/prediction-answer.ts";
import {
  modelDefinitionSchema,
  type ModelDefinition,
  type ModelInput,
} from "../../../runtime/contract/model-definition.ts";
import type { Evaluation } from "../../../runtime/contract/evaluation.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { evaluate } from "../../../runtime/evaluation/evaluate.ts";
import { writeFeatureTable } from "../../../runtime/features/feature-table.ts";
import { toMatrix } from "../../../runtime/features/matrix.ts";
import { readFeatureTable, type FeatureRows } from "../../../runtime/features/read-feature-table.ts";
import { scoreOnnx } from "../../../runtime/onnx/score-onnx.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { lightGbmTrainer } from "../../../runtime/training/lightgbm/lightgbm-trainer.ts";
import { checkParity } from "../../../runtime/training/parity.ts";
import { lightGbmLibrary } from "../support/lightgbm-library.ts";

let library: string;
beforeAll(async () => {
  library = await lightGbmLibrary();
});

const REFERENCE = `w/dataset@sha256:${"0".repeat(64)}`;
const trainer = {
  kind: "lightgbm" as const,
  trees: 60,
  leaves: 7,
  learningRate: 0.1,
  minDataInLeaf: 10,
  categoricalSplits: false,
  seed: 1,
};

/** Cars: 4,000 rows from which a price, a count, a class and a rank follow, with some noise. */
const CARS = `CREATE TABLE cars AS
  SELECT i AS id, (i * 7919) % 200 AS age, (i * 104729) % 300 AS power, i // 8 AS search,
    20000 + 100 * ((i * 104729) % 300) - 80 * ((i * 7919) % 200) + (i * 31) % 500 AS price,
    ((i * 104729) % 300) // 60 AS repairs,
    CASE WHEN (i * 104729) % 300 > 200 THEN 'sport' WHEN (i * 7919) % 200 > 120 THEN 'old' ELSE 'family' END AS kind,
    CASE WHEN (i * 104729) % 300 > 150 THEN 'yes' ELSE 'no' END AS fast,
    ((i * 104729) % 300) // 75 AS relevance
  FROM range(4000) t(i)`;

/** Makes features, trains, checks parity, and evaluates on the test rows, as the jobs do. `covered`: share of labels up to their score. */
async function run(
  changes: Pick<ModelInput, "task" | "gate"> & { label: string },
): Promise<Evaluation & { covered: number }> {
  const { label, ...rest } = changes;
  const model = modelDefinitionSchema.parse({
    name: "m",
    request: [
      { name: "age", kind: "numeric" },
      { name: "power", kind: "numeric" },
    ],
    views: [],
    rows: { table: "cars", key: ["id"], label },
    trainer,
    ...rest,
  });
  return withScratch(async (scratch) => {
    const db = await openDuckDb({ threads: 2 });
    const folder = join(scratch, "features");
    await mkdir(folder);
    try {
      await db.run(CARS);
      await writeFeatureTable(db, { schemaVersion: 1, workload: "w", views: [], model }, REFERENCE, folder);
      const train = await readFeatureTable(db, folder, { split: "train", labelled: true });
      const test = await readFeatureTable(db, folder, { split: "test", labelled: true });
      const { signal } = new AbortController();
      const trained = await lightGbmTrainer(library).train({
        rows: train,
        params: trainer,
        threads: 2,
        signal,
      });
      const scores = await scoreOnnx(trained.onnx, toMatrix(test), 2);
      expect(checkParity(trained.score(toMatrix(test)), scores)).toBeLessThan(1e-5);
      const subject = { candidate: "c", features: "f" };
      const evaluation = evaluate({ schemaVersion: 1, workload: "w", model }, test, scores, subject, {
        train,
      });
      await expectServed(model, {
        train,
        test,
        onnx: trained.onnx,
        evaluation,
        folder: join(scratch, "model"),
      });
      return {
        ...evaluation,
        covered: test.labels.filter((each, row) => each <= scores[row]!).length / test.rows,
      };
    } finally {
      db.close();
    }
  });
}

interface Trained {
  train: FeatureRows;
  test: FeatureRows;
  onnx: Uint8Array;
  evaluation: Evaluation;
  folder: string;
}

/** Packages a model, loads it as a server does, and expects the packaged scores and an answer in the words of the task. */
async function expectServed(
  { name, description }: ModelDefinition,
  { train, test, onnx, evaluation, folder }: Trained,
): Promise<void> {
  await mkdir(folder);
  const digest = digestOf(onnx);
  const card = await packageModel({
    definition: {
      schemaVersion: 1,
      workload: "w",
      model: { name, description },
      featureDescriptions: {},
    },
    onnx,
    training: {
      schemaVersion: 1,
      workload: "w",
      model: name,
      trainer: { name: "lightgbm", version: "1" },
      features: REFERENCE,
      params: {},
      seed: trainer.seed,
      codeRevision: "unknown",
      rows: train.rows,
      onnx: digest,
      parity: { rows: test.rows, maxAbsoluteDifference: 0 },
    },
    evaluation: { ...evaluation, candidate: REFERENCE },
    evaluationReference: REFERENCE,
    train,
    test,
    threads: 2,
    directory: folder,
  });
  const scorer = await loadScorer(join(folder, "model.onnx"), card);
  try {
    const examples = modelExamplesSchema.parse(
      JSON.parse(await readFile(join(folder, "examples.json"), "utf8")),
    );
    const batch = Float32Array.from(examples.rows.flat(), (value) => value ?? NaN);
    const scores = await scorer.score(batch, examples.rows.length);
    expect(scores).toHaveLength(examples.scores.length);
    examples.scores.forEach((expected, i) => expect(scoreDistance(expected, scores[i]!)).toBeLessThan(1e-6));
    expect(Object.keys(predictionAnswer(card, scores, 0))[0]).toBe(
      { binary: "probability", multiclass: "class", regression: "value", ranking: "score" }[
        evaluation.task!.kind
      ],
    );
  } finally {
    await scorer.close();
  }
}

describe("a model", () => {
  it("of yes and no may have its labels by name", async () => {
    const { task, metrics, gate } = await run({
      label: "fast",
      task: { kind: "binary", positive: "yes" },
      gate: { checks: [{ metric: "auc", min: 0.99 }] },
    });
    expect(task).toEqual({ kind: "binary", positive: "yes" });
    expect(metrics["prevalence"]).toBeCloseTo(0.5, 1);
    expect(gate.verdict).toBe("passed");
  });

  it("tells classes apart, whose names it learns from the training rows", async () => {
    const { task, metrics, confusionMatrix, gate } = await run({
      label: "kind",
      task: { kind: "multiclass" },
      gate: {
        checks: [
          { metric: "macroF1", min: 0.95 },
          { metric: "logLoss", max: 0.2 },
        ],
      },
    });
    expect(task).toEqual({ kind: "multiclass", classes: ["family", "old", "sport"] });
    expect(confusionMatrix?.flat().reduce((sum, rows) => sum + rows, 0)).toBe(metrics["rows"]);
    expect(gate).toMatchObject({ verdict: "passed" });
  });

  it.each<[string, ModelInput["task"], string, number]>([
    ["the mean", { kind: "regression", unit: "EUR" }, "rmse", 1500],
    ["the median", { kind: "regression", of: "median" }, "mae", 1500],
  ])("predicts a number: %s", async (_, task, metric, max) => {
    const { metrics, gate } = await run({ label: "price", task, gate: { checks: [{ metric, max }] } });
    expect(gate).toMatchObject({ verdict: "passed" });
    expect(metrics["r2"]).toBeGreaterThan(0.95);
  });

  it("predicts a quantile: as many labels are below it as it says", async () => {
    const of = { quantile: 0.9 };
    const { task, covered, metrics } = await run({
      label: "price",
      task: { kind: "regression", of },
      gate: { checks: [{ metric: "pinballLoss", max: 2000 }] },
    });
    expect(task).toEqual({ kind: "regression", of });
    expect(covered).toBeGreaterThan(0.85);
    expect(covered).toBeLessThan(0.95);
    expect(metrics["pinballLoss"]).toBeGreaterThan(0);
  });

  it("predicts a count, which is never negative", async () => {
    const { metrics } = await run({
      label: "repairs",
      task: { kind: "regression", of: "count" },
      gate: { checks: [{ metric: "rmse", max: 1 }] },
    });
    expect(metrics["poissonDeviance"]).not.toBeNull();
    expect(metrics["rmse"]).toBeLessThan(0.5);
  });

  it("ranks the rows of a group", async () => {
    const { metrics } = await run({
      label: "relevance",
      task: { kind: "ranking", group: "search" },
      gate: { checks: [{ metric: "ndcg", min: 0.9 }] },
    });
    expect(metrics["ndcg"]).toBeGreaterThan(0.95);
  });

  it.each<[string, ModelInput["task"], string, string]>([
    [
      "words for numbers",
      { kind: "regression" },
      "kind",
      "w/m: label must be a finite number, or null: rows that break it 4000",
    ],
    [
      "a class that is not listed",
      { kind: "multiclass", classes: ["family", "old"] },
      "kind",
      "w/m: label must be one of family, old, or null: rows that break it",
    ],
    [
      "a price for yes and no",
      { kind: "binary" },
      "price",
      "w/m: label must be 0, 1 or null (for other values name task.positive, or another task)",
    ],
    [
      "a positive value that no row has",
      { kind: "binary", positive: "maybe" },
      "fast",
      "w/m: train rows must have at least two different labels",
    ],
  ])("is refused with %s", async (_, task, label, message) => {
    await expect(run({ label, task, gate: { checks: [{ metric: "auc", min: 0 }] } })).rejects.toThrow(
      message,
    );
  });
});
