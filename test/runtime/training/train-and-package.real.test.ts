import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ModelDefinition } from "../../../runtime/contract/workload.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { evaluate } from "../../../runtime/evaluation/evaluate.ts";
import { readFeatureTable } from "../../../runtime/features/read-feature-table.ts";
import type { FeatureRows } from "../../../runtime/features/read-feature-table.ts";
import { writeFeatureTable } from "../../../runtime/features/feature-table.ts";
import { loadLightGbm } from "../../../runtime/training/lightgbm/lightgbm.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { parseLightGbmModel } from "../../../runtime/training/lightgbm/lightgbm-model.ts";
import { packageModel } from "../../../runtime/training/package-model.ts";
import { scoreOnnx } from "../../../runtime/training/score-onnx.ts";
import { toOnnx } from "../../../runtime/training/lightgbm/to-onnx.ts";
import { train } from "../../../runtime/training/train.ts";
import { flightDelays } from "../../../workloads/flight-delays/workload.ts";
import { lightGbmLibrary } from "../support/lightgbm-library.ts";
import { syntheticFlights } from "../support/synthetic-flights.ts";

const digest = (name: string): string => `flight-delays/${name}@sha256:${"0".repeat(64)}`;
/** The real definition, on two months: trained on February and tested on March and April. */
const definition: ModelDefinition = {
  ...flightDelays.models[0]!,
  rows: flightDelays.models[0]!.rows.replace("month <= 8", "month <= 2"),
  trainer: { ...flightDelays.models[0]!.trainer, trees: 40 },
};

let path: string;
let trainRows: FeatureRows;
let testRows: FeatureRows;
beforeAll(async () => {
  path = await lightGbmLibrary();
  await withScratch(async (scratch) => {
    const db = await openDuckDb({ threads: 2 });
    await syntheticFlights(db, 8000);
    await writeFeatureTable(db, flightDelays, definition, digest("dataset"), scratch);
    trainRows = await readFeatureTable(db, scratch, { split: "train", labelled: true });
    testRows = await readFeatureTable(db, scratch, { split: "test", labelled: true });
    db.close();
  });
});

const matrix = (rows: FeatureRows): { values: Float32Array; rows: number; columns: number } => ({
  values: rows.values,
  rows: rows.rows,
  columns: rows.manifest.features.length,
});

describe.each([false, true])("LightGBM with categoricalSplits %s", (categoricalSplits) => {
  const trainer = { ...definition.trainer, categoricalSplits };

  it("makes the same model twice, whatever the number of threads", () => {
    const first = train(loadLightGbm(path, 1), trainRows, trainer);
    expect(train(loadLightGbm(path, 2), trainRows, trainer)).toBe(first);
    expect(train(loadLightGbm(path, 2), trainRows, { ...trainer, seed: 1, leaves: 7 })).not.toBe(first);
  });

  it("scores in onnxruntime as in LightGBM: real rows, missing values, values at thresholds, codes never seen", async () => {
    const library = loadLightGbm(path, 2);
    const text = train(library, trainRows, trainer);
    const model = parseLightGbmModel(text);
    const kinds = new Set(model.trees.flatMap(({ splits }) => splits.map(({ kind }) => kind)));
    expect(kinds.has("categorical")).toBe(categoricalSplits);

    const width = testRows.manifest.features.length;
    const hard = new Float32Array(testRows.values);
    const thresholds = model.trees.flatMap(({ splits }) =>
      splits.flatMap((split) =>
        split.kind === "numeric" ? [{ column: split.feature, value: split.threshold }] : [],
      ),
    );
    for (let row = 0; row < testRows.rows; row++) {
      const { column, value } = thresholds[row % thresholds.length]!;
      if (row % 3 === 0) hard[row * width + column] = value; // the float32 nearest to the threshold
      if (row % 3 === 1) hard[row * width + (row % width)] = NaN;
      if (row % 3 === 2) hard[row * width + (row % 3)] = 500 + (row % 7);
    }
    for (const values of [testRows.values, hard]) {
      const expected = library.predict(text, { ...matrix(testRows), values });
      const scores = await scoreOnnx(toOnnx("m", model), { ...matrix(testRows), values }, 2);
      const worst = expected.reduce((most, score, i) => Math.max(most, Math.abs(score - scores[i]!)), 0);
      expect(worst).toBeLessThan(1e-6);
    }
  });
});

describe("a packaged model", () => {
  const training = {
    schemaVersion: 1 as const,
    workload: "flight-delays",
    model: "pushback",
    trainer: { name: "lightgbm", version: "4.7.0" },
    features: digest("pushback/features"),
    params: {},
    seed: 1,
    codeRevision: "unknown",
    rows: 1,
  };

  it("carries its card, profile, provenance and examples, the same bytes each time; a refused one is not packaged", async () => {
    const library = loadLightGbm(path, 2);
    const booster = train(library, trainRows, definition.trainer);
    const references = { candidate: digest("pushback/candidate"), features: training.features };
    const scores = library.predict(booster, matrix(testRows));
    const rule = { minAuc: 0.8, segments: [{ column: "origin", minRows: 500, minAuc: 0.8 }] };
    const evaluation = evaluate({ ...definition, gate: rule }, testRows, scores, references);
    expect(evaluation.gate).toMatchObject({ verdict: "passed", reason: "all 4 checks passed" });
    expect(
      evaluation.segments.filter(({ column }) => column === "carrier").map(({ value }) => value),
    ).toEqual(["AA", "B6", "EV", "UA"]);
    const options = {
      definition,
      booster,
      training,
      evaluation,
      evaluationReference: digest("pushback/evaluation"),
      train: trainRows,
      test: testRows,
      library,
      threads: 2,
    };

    await withScratch(async (scratch) => {
      const [first, second] = [join(scratch, "a"), join(scratch, "b")];
      await mkdir(first);
      await mkdir(second);
      const card = await packageModel({ ...options, directory: first });
      await packageModel({ ...options, directory: second });
      expect(card).toMatchObject({
        input: { shape: [-1, 24] },
        output: { shape: [-1, 1] },
        parity: { rows: testRows.rows },
      });
      expect(card.parity.maxAbsoluteDifference).toBeLessThan(1e-6);
      for (const file of [
        "model.onnx",
        "model-card.json",
        "reference-profile.json",
        "provenance.json",
        "examples.json",
      ])
        expect(await readFile(join(first, file))).toEqual(await readFile(join(second, file)));
      const examples = JSON.parse(await readFile(join(first, "examples.json"), "utf8")) as {
        rows: number[][];
        scores: number[];
      };
      expect(examples.rows).toHaveLength(1000);
      expect(examples.scores).toHaveLength(1000);

      const gate = evaluate(
        { ...definition, gate: { ...rule, minAuc: 0.999 } },
        testRows,
        scores,
        references,
      );
      await expect(packageModel({ ...options, evaluation: gate, directory: scratch })).rejects.toThrow(
        /flight-delays\/pushback: the gate refused this model: auc must be at least 1.00, got 0.9/,
      );
    });
  });
});
