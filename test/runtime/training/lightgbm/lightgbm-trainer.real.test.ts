import { beforeAll, describe, expect, it } from "vitest";
import type { LightGbmDefinition } from "../../../../runtime/contract/trainers/lightgbm.ts";
import { toMatrix } from "../../../../runtime/features/matrix.ts";
import type { FeatureRows } from "../../../../runtime/features/read-feature-table.ts";
import { scoreOnnx } from "../../../../runtime/onnx/score-onnx.ts";
import { parseLightGbmModel } from "../../../../runtime/training/lightgbm/lightgbm-model.ts";
import { lightGbmTrainer } from "../../../../runtime/training/lightgbm/lightgbm-trainer.ts";
import type { TrainedModel } from "../../../../runtime/training/trainer.ts";
import { lightGbmLibrary } from "../../support/lightgbm-library.ts";
import { syntheticRows, twoMonths } from "../../support/synthetic-rows.ts";

let path: string;
let train: FeatureRows;
let test: FeatureRows;
beforeAll(async () => {
  path = await lightGbmLibrary();
  ({ train, test } = await syntheticRows());
});

const signal = new AbortController().signal;
const trained = (params: LightGbmDefinition, threads = 2): Promise<TrainedModel> =>
  lightGbmTrainer(path).train({ rows: train, params, threads, signal });

describe.each([false, true])("LightGBM with categoricalSplits %s", (categoricalSplits) => {
  const params = { ...twoMonths.trainer, categoricalSplits };

  it("makes the same model twice, whatever the number of threads", async () => {
    const first = await trained(params, 1);
    const second = await trained(params, 2);
    expect(second.native).toEqual(first.native);
    expect(Buffer.compare(second.onnx, first.onnx)).toBe(0);
    expect((await trained({ ...params, seed: 1, leaves: 7 })).native).not.toEqual(first.native);
  });

  it("scores in onnxruntime as in LightGBM: real rows, missing values, values at thresholds, codes never seen", async () => {
    const candidate = await trained(params);
    const model = parseLightGbmModel(candidate.native.content);
    const kinds = new Set(model.trees.flatMap(({ splits }) => splits.map(({ kind }) => kind)));
    expect(kinds.has("categorical")).toBe(categoricalSplits);

    const width = test.manifest.features.length;
    const hard = new Float32Array(test.values);
    const thresholds = model.trees.flatMap(({ splits }) =>
      splits.flatMap((split) =>
        split.kind === "numeric" ? [{ column: split.feature, value: split.threshold }] : [],
      ),
    );
    for (let row = 0; row < test.rows; row++) {
      const { column, value } = thresholds[row % thresholds.length]!;
      if (row % 3 === 0) hard[row * width + column] = value; // the float32 nearest to the threshold
      if (row % 3 === 1) hard[row * width + (row % width)] = NaN;
      if (row % 3 === 2) hard[row * width + (row % 3)] = 500 + (row % 7);
    }
    for (const values of [test.values, hard]) {
      const matrix = { ...toMatrix(test), values };
      const expected = Float64Array.from(candidate.score(matrix));
      const scores = await scoreOnnx(candidate.onnx, matrix, 2);
      const worst = expected.reduce((most, each, i) => Math.max(most, Math.abs(each - scores[i]!)), 0);
      expect(worst).toBeLessThan(1e-6);
    }
  });
});

it("ends within a few trees of the signal", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const training = lightGbmTrainer(path).train({
    rows: train,
    params: { ...twoMonths.trainer, trees: 5000 },
    threads: 2,
    signal: controller.signal,
    onProgress: (done) => {
      seen.push(done);
      if (done === 5) setTimeout(() => controller.abort(new Error("SIGTERM")), 0);
    },
  });
  await expect(training).rejects.toThrow("SIGTERM");
  expect(seen.at(-1)).toBeLessThan(100);
});
