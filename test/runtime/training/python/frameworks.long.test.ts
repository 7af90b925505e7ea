import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { modelDefinitionSchema } from "../../../../runtime/contract/model-definition.ts";
import { openDuckDb } from "../../../../runtime/duckdb.ts";
import { writeFeatureTable } from "../../../../runtime/features/feature-table.ts";
import { withScratch } from "../../../../runtime/scratch.ts";
import { collectModel } from "../../../../runtime/training/python/collect-model.ts";
import { writeTrainerInput } from "../../../../runtime/training/python/write-trainer-input.ts";
import { runTrainProgram } from "../../support/train-program.ts";

/** 6,000 rows with a category, numbers, and missing values. */
const CARS = `CREATE TABLE cars AS
  SELECT i AS id, CASE WHEN i % 17 = 0 THEN NULL ELSE (i * 7919) % 200 END AS age, (i * 104729) % 300 AS power,
    CASE WHEN i % 23 = 0 THEN NULL WHEN (i * 31) % 3 = 0 THEN 'red' ELSE 'blue' END AS colour,
    (i * 104729) % 300 > 150 + (i * 7919) % 100 AS fast
  FROM range(6000) t(i)`;

it.each([
  ["scikit-learn", { C: 1 }],
  ["xgboost", { trees: 50 }],
  ["tensorflow", { units: 8, epochs: 50 }],
])("%s scores 1,000 rows as its ONNX file does", async (framework, params) => {
  const model = modelDefinitionSchema.parse({
    name: "m",
    request: [
      { name: "age", kind: "numeric" },
      { name: "power", kind: "numeric" },
      { name: "colour", kind: "categorical", categories: ["red", "blue"] },
    ],
    views: [],
    rows: { table: "cars", key: ["id"], label: "fast" },
    trainer: { kind: "python", params },
    gate: { checks: [{ metric: "auc", min: 0.5 }] },
  });
  if (model.trainer.kind !== "python") throw new Error("it has a Python trainer");
  const { trainer } = model;
  await withScratch(async (work) => {
    const db = await openDuckDb({ threads: 2 });
    try {
      await db.run(CARS);
      const features = join(work, "features");
      await mkdir(features);
      const dataset = `w/dataset@sha256:${"0".repeat(64)}`;
      await writeFeatureTable(db, { schemaVersion: 1, workload: "w", views: [], model }, dataset, features);
      await writeTrainerInput(db, features, join(work, "in"), trainer);
      await runTrainProgram(join(import.meta.dirname, "examples", framework), work);
      const { parity } = await collectModel(db, work, 2);
      expect(parity.rows).toBe(1000);
      expect(parity.maxAbsoluteDifference).toBeLessThan(1e-5);
    } finally {
      db.close();
    }
  });
});
