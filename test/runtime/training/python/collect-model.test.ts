import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LearntTask } from "../../../../runtime/contract/task.ts";
import { openDuckDb } from "../../../../runtime/duckdb.ts";
import { withScratch } from "../../../../runtime/scratch.ts";
import { collectModel, type CollectedModel } from "../../../../runtime/training/python/collect-model.ts";
import { parseTrainerScores } from "../../../../runtime/training/python/trainer-scores.ts";
import { float, onnxFile } from "../../onnx/graph.ts";

/** The sigmoid of the one feature. */
const MODEL = onnxFile([{ opType: "Sigmoid", inputs: ["X"], outputs: ["p"] }], {
  inputs: [float("X", undefined, 1)],
  outputs: [float("p", undefined, 1)],
});
/** The feature as it is. */
const NO_PROBABILITY = onnxFile([{ opType: "Identity", inputs: ["X"], outputs: ["p"] }], {
  inputs: [float("X", undefined, 1)],
  outputs: [float("p", undefined, 1)],
});
const SCORES = JSON.stringify([0.5, 0.7310585786300049]);

/** Collects what a trainer wrote for the rows x = 0 and x = 1, or those of `values`. */
function collect(
  files: Record<string, string | Uint8Array>,
  { values = "(0), (1)", link = "" } = {},
): Promise<CollectedModel> {
  return withScratch(async (work) => {
    for (const folder of ["in", "out"]) await mkdir(join(work, folder));
    const db = await openDuckDb({ threads: 1 });
    try {
      await db.run(
        `COPY (SELECT x::FLOAT AS x FROM (VALUES ${values}) t(x)) TO '${join(work, "in/check.parquet")}' (FORMAT parquet)`,
      );
      const description = {
        schemaVersion: 1,
        workload: "w",
        model: "m",
        task: { kind: "binary" },
        features: [{ name: "x", kind: "numeric" }],
        outputs: 1,
        rows: 10,
        checkRows: 2,
      };
      await writeFile(join(work, "in/features.json"), JSON.stringify(description));
      for (const [name, content] of Object.entries(files)) await writeFile(join(work, "out", name), content);
      if (link !== "") await symlink("/etc/passwd", join(work, "out", link));
      return await collectModel(db, work, 1);
    } finally {
      db.close();
    }
  });
}

describe("what a trainer wrote", () => {
  it("is its model, compared with its own scores, and its metrics", async () => {
    const { parity, metrics } = await collect({
      "model.onnx": MODEL,
      "scores.json": SCORES,
      "metrics.json": '{"auc": 0.75}',
    });
    expect(metrics).toEqual({ auc: 0.75 });
    expect(parity.rows).toBe(2);
    expect(parity.maxAbsoluteDifference).toBeLessThan(1e-6);
  });

  it.each<[string, Record<string, string | Uint8Array>, { values?: string; link?: string }, string]>([
    [
      "no model",
      { "scores.json": SCORES },
      {},
      "train.py: must write out/model.onnx, wrote none and ended with exit code 0",
    ],
    ["an empty model", { "model.onnx": "" }, {}, "train.py: must write out/model.onnx, wrote an empty file"],
    ["a link", {}, { link: "model.onnx" }, "train.py: out/model.onnx must be a file, got a link"],
    [
      "no scores",
      { "model.onnx": MODEL },
      {},
      "train.py: must write out/scores.json, the scores of in/check.parquet",
    ],
    [
      "other scores than the model has",
      { "model.onnx": MODEL, "scores.json": "[0.5, 0.9]" },
      {},
      "ONNX scores must be within 0.00001 of the trainer's",
    ],
    [
      "scores of other rows",
      { "model.onnx": MODEL, "scores.json": "[0.5]" },
      {},
      "train.py: out/scores.json must have the scores of the 2 rows of in/check.parquet, has 1",
    ],
    [
      "scores that are not numbers",
      { "model.onnx": MODEL, "scores.json": "[NaN, 0.7]" },
      {},
      "train.py: out/scores.json must have finite numbers, has NaN or Infinity",
    ],
    [
      "a model that gives no number for a missing value",
      { "model.onnx": MODEL, "scores.json": SCORES },
      { values: "(0), ('nan'::FLOAT)" },
      "model.onnx: its scores must be finite numbers, got NaN at row 1 of in/check.parquet; fill missing values in the model",
    ],
    [
      "a model without probabilities",
      { "model.onnx": NO_PROBABILITY, "scores.json": "[0, 7]" },
      { values: "(0), (7)" },
      "model.onnx: its scores must be probabilities from 0 to 1, got 7 at row 1 of in/check.parquet; add a sigmoid before the export",
    ],
    [
      "metrics that are not numbers",
      { "model.onnx": MODEL, "scores.json": SCORES, "metrics.json": '{"auc": "high"}' },
      {},
      "train.py: out/metrics.json must be an object of finite numbers",
    ],
  ])("is refused with %s", async (_, files, options, message) => {
    await expect(collect(files, options)).rejects.toThrow(message);
  });
});

describe("the scores of a trainer", () => {
  const three: LearntTask = { kind: "multiclass", classes: ["a", "b", "c"] };

  it("may be the probabilities of both classes", () => {
    expect([...parseTrainerScores("[[0.25, 0.75]]", { kind: "binary" }, 1)]).toEqual([0.75]);
  });

  it("are one number for each class", () => {
    expect([...parseTrainerScores("[[0.5, 0.25, 0.25]]", three, 1)]).toEqual([0.5, 0.25, 0.25]);
    expect(() => parseTrainerScores("[[0.5, 0.5]]", three, 1)).toThrow(
      "train.py: out/scores.json must have 3 numbers for each row, has 2 at row 0",
    );
  });
});
