import { beforeAll, describe, expect, it } from "vitest";
import { scoreOnnx } from "../../../../runtime/onnx/score-onnx.ts";
import { parseLightGbmModel } from "../../../../runtime/training/lightgbm/lightgbm-model.ts";
import { loadLightGbm, type LightGbm } from "../../../../runtime/training/lightgbm/lightgbm.ts";
import { toOnnx } from "../../../../runtime/training/lightgbm/to-onnx.ts";
import { seeded } from "../../profile/seeded.ts";
import { lightGbmLibrary } from "../../support/lightgbm-library.ts";

const ROWS = 3000;
const NAMES = ["x", "y", "z"];
const GROUP_ROWS = 10;

const random = seeded(11);
const values = Float32Array.from({ length: ROWS * NAMES.length }, () =>
  random() < 0.05 ? NaN : random() * 10,
);
const signalOf = (row: number): number =>
  (values[row * 3] || 0) + 0.5 * (values[row * 3 + 1] || 0) + random();
const signals = Float64Array.from({ length: ROWS }, (_, row) => signalOf(row));
const labels = (label: (signal: number) => number): Float32Array => Float32Array.from(signals, label);
const count = labels((signal) => Math.floor(signal));

let lightGbm: LightGbm;
beforeAll(async () => {
  lightGbm = loadLightGbm(await lightGbmLibrary(), 2);
});

describe("a LightGBM model in ONNX scores within 1e-5 of the booster", () => {
  it.each<[string, Float32Array, number, Record<string, string | number | boolean>]>([
    ["binary", labels((signal) => Number(signal > 8)), 1, { sigmoid: 1.5 }],
    ["cross_entropy", labels((signal) => Math.min(1, signal / 16)), 1, {}],
    ["multiclass", labels((signal) => Math.min(3, Math.floor(signal / 4))), 4, { num_class: 4 }],
    ["multiclassova", labels((signal) => Math.min(3, Math.floor(signal / 4))), 4, { num_class: 4 }],
    ["regression", labels((signal) => 300_000 + 1000 * signal), 1, {}],
    ["regression_l1", labels((signal) => signal), 1, {}],
    ["huber", labels((signal) => signal), 1, {}],
    ["fair", labels((signal) => signal), 1, {}],
    ["quantile", labels((signal) => signal), 1, { alpha: 0.9 }],
    ["mape", labels((signal) => signal + 1), 1, {}],
    ["poisson", count, 1, {}],
    ["gamma", labels((signal) => signal + 0.1), 1, {}],
    ["tweedie", labels((signal) => signal), 1, { tweedie_variance_power: 1.3 }],
    ["lambdarank", labels((signal) => Math.min(4, Math.floor(signal / 3))), 1, {}],
    ["rank_xendcg", labels((signal) => Math.min(4, Math.floor(signal / 3))), 1, {}],
  ])("%s", async (objective, label, outputs, settings) => {
    const isRanking = /rank/.test(objective);
    const features = { values, rows: ROWS, columns: NAMES.length };
    const text = await lightGbm.train({
      features,
      labels: label,
      ...(isRanking ? { groups: new Int32Array(ROWS / GROUP_ROWS).fill(GROUP_ROWS) } : {}),
      names: NAMES,
      params: {
        objective,
        num_leaves: 15,
        deterministic: true,
        force_row_wise: true,
        seed: 1,
        verbosity: -1,
        ...settings,
      },
      iterations: 100,
    });
    const expected = lightGbm.predict(text, features);
    const model = parseLightGbmModel(text);
    expect(model.outputs).toBe(outputs);
    const scores = await scoreOnnx(toOnnx("m", model), features, 2);
    expect(scores).toHaveLength(ROWS * outputs);
    // Of a number that is large the difference counts as a share of it.
    const worst = expected.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - scores[i]!) / Math.max(1, Math.abs(value))),
      0,
    );
    expect(worst).toBeLessThan(1e-5);
    expect(new Set(scores).size).toBeGreaterThan(10); // it has learnt something
  });

  it("or is refused by name, where the label was under a square root", async () => {
    const features = { values, rows: ROWS, columns: NAMES.length };
    const text = await lightGbm.train({
      features,
      labels: count,
      names: NAMES,
      params: { objective: "regression", reg_sqrt: true, verbosity: -1 },
      iterations: 2,
    });
    expect(() => parseLightGbmModel(text)).toThrow(
      /objective must be one of binary, .*, got regression sqrt/,
    );
  });
});
