import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { pythonEnvironment } from "../../../../bench/python-environment.ts";
import { runCommand } from "../../../../local/run-command.ts";
import type { LearntTask } from "../../../../runtime/contract/task.ts";
import { resampledMetric } from "../../../../runtime/evaluation/bootstrap/resampled-metric.ts";
import { compareModels } from "../../../../runtime/evaluation/compare-models.ts";
import { binaryCurves } from "../../../../runtime/evaluation/plots/curves.ts";
import { quantileOfSorted } from "../../../../runtime/evaluation/quantile-of-sorted.ts";
import { seeded } from "../../profile/seeded.ts";

/** Metrics of rows that count several times, curves, quantiles, and lower limits by SciPy's own bootstrap. */
const SCRIPT = `
import json, sys
import numpy as np
from scipy.stats import bootstrap
from sklearn import metrics as m
data = json.load(open(sys.argv[1]))
y, s, o = (np.array(data["binary"][k]) for k in ["labels", "scores", "others"])
c = np.array(data["multiclass"]["labels"])
p = np.array(data["multiclass"]["probabilities"]).reshape(-1, 3)
t, r, q = (np.array(data["regression"][k]) for k in ["labels", "scores", "others"])
def weighted(w):
  w = np.array(w)
  return {
    "auc": m.roc_auc_score(y, s, sample_weight=w), "averagePrecision": m.average_precision_score(y, s, sample_weight=w),
    "logLoss": m.log_loss(y, s, sample_weight=w), "brier": m.brier_score_loss(y, s, sample_weight=w),
    "f1": m.f1_score(y, s >= 0.3, sample_weight=w), "precision": m.precision_score(y, s >= 0.3, sample_weight=w),
    "recall": m.recall_score(y, s >= 0.3, sample_weight=w),
    "accuracy": m.accuracy_score(c, p.argmax(axis=1), sample_weight=w),
    "macroF1": m.f1_score(c, p.argmax(axis=1), average="macro", sample_weight=w),
    "macroAuc": m.roc_auc_score(c, p, multi_class="ovr", average="macro", sample_weight=w),
    "multiclassLogLoss": m.log_loss(c, p, sample_weight=w),
    "rmse": m.root_mean_squared_error(t, r, sample_weight=w), "mae": m.mean_absolute_error(t, r, sample_weight=w),
    "r2": m.r2_score(t, r, sample_weight=w), "mape": m.mean_absolute_percentage_error(t, r, sample_weight=w),
    "pinballLoss": m.mean_pinball_loss(t, r, alpha=0.5, sample_weight=w),
    "poissonDeviance": m.mean_poisson_deviance(t, r, sample_weight=w),
  }
options = {"n_resamples": 9999, "confidence_level": 0.95, "method": "percentile", "alternative": "greater", "random_state": 1}
def lower_mae():
  statistic = lambda t, r, q, axis: (np.abs(t - q) - np.abs(t - r)).mean(axis=axis)
  found = bootstrap((t, r, q), statistic, paired=True, vectorized=True, **options)
  return [found.confidence_interval.low, found.standard_error]
def lower_auc():
  def statistic(up, down):
    rows = np.concatenate([up, down])
    return m.roc_auc_score(y[rows], s[rows]) - m.roc_auc_score(y[rows], o[rows])
  strata = (np.flatnonzero(y == 1), np.flatnonzero(y == 0))
  found = bootstrap(strata, statistic, vectorized=False, **{**options, "n_resamples": 2999})
  return [found.confidence_interval.low, found.standard_error]
fpr, tpr, at = m.roc_curve(y, s, drop_intermediate=False)
precision, recall, _ = m.precision_recall_curve(y, s)
levels = [0, 0.01, 0.25, 0.5, 0.9, 1]
print(json.dumps({
  "weighted": [weighted(w) for w in data["counts"]], "mae": lower_mae(), "auc": lower_auc(),
  "roc": [fpr.tolist(), tpr.tolist()], "thresholds": at.tolist()[1:],
  "precision": precision.tolist()[:-1][::-1], "recall": recall.tolist()[:-1][::-1],
  "levels": levels, "quantiles": np.quantile(t - r, levels).tolist(),
}))
`;
const numbers = z.array(z.number());
const referenceSchema = z.object({
  weighted: z.array(z.record(z.string(), z.number())),
  mae: z.tuple([z.number(), z.number()]),
  auc: z.tuple([z.number(), z.number()]),
  roc: z.tuple([numbers, numbers]),
  thresholds: numbers,
  precision: numbers,
  recall: numbers,
  levels: numbers,
  quantiles: numbers,
});

const ROWS = 300;
const random = seeded(17);
const many = <T>(each: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => each(row));
/** Few digits, so that many rows have the same score. */
const coarse = (value: number): number => Math.round(value * 20) / 20;
const labels = many(() => Number(random() < 0.3));
const prices = many(() => 1 + Math.floor(random() * 50));
const data = {
  binary: {
    labels,
    scores: labels.map((label) => coarse(0.4 * label + 0.6 * random())),
    others: labels.map((label) => coarse(0.3 * label + 0.7 * random())),
  },
  multiclass: {
    labels: many((row) => row % 3),
    probabilities: many((row) => {
      const weights = [0, 1, 2].map((code) => random() + Number(row % 3 === code) * 0.3 + 0.01);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    }).flat(),
  },
  regression: {
    labels: prices,
    scores: prices.map((price) => Math.max(0.1, price + 6 * (random() - 0.5))),
    others: prices.map((price) => Math.max(0.1, price + 9 * (random() - 0.5))),
  },
  counts: Array.from({ length: 5 }, () => many(() => Math.floor(random() * 4))),
};

let folder: string;
let reference: z.infer<typeof referenceSchema>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scipy-"));
  const file = join(folder, "rows.json");
  await writeFile(file, JSON.stringify(data));
  const python = await pythonEnvironment("scikit-learn", ["scikit-learn==1.9.1"]);
  reference = referenceSchema.parse(JSON.parse(await runCommand(python, ["-c", SCRIPT, file])));
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

const BINARY: LearntTask = { kind: "binary" };
const CLASSES: LearntTask = { kind: "multiclass", classes: ["a", "b", "c"] };
const REGRESSION: LearntTask = { kind: "regression" };

describe("metrics of resamples agree with scikit-learn's of weighted rows to 1e-9", () => {
  const multiclass = { labels: data.multiclass.labels, scores: data.multiclass.probabilities };
  it.each([
    ...["auc", "averagePrecision", "logLoss", "brier", "f1", "precision", "recall"].map(
      (metric) => [metric, metric, BINARY, data.binary] as const,
    ),
    ...["accuracy", "macroF1", "macroAuc"].map((metric) => [metric, metric, CLASSES, multiclass] as const),
    ["multiclassLogLoss", "logLoss", CLASSES, multiclass] as const,
    ...["rmse", "mae", "r2", "mape", "pinballLoss", "poissonDeviance"].map(
      (metric) => [metric, metric, REGRESSION, data.regression] as const,
    ),
  ])("on %s", (name, metric, task, rows) => {
    const resampled = resampledMetric(task, metric, rows, 0.3);
    data.counts.forEach((counts, i) => {
      const got = resampled(Uint16Array.from(counts))!;
      expect(Math.abs(got - reference.weighted[i]![name]!)).toBeLessThan(1e-9);
    });
  });
});

describe("the lower limit of a gain agrees with SciPy's bootstrap, to a tenth of its standard error", () => {
  it.each<["mae" | "auc", LearntTask, { labels: number[]; scores: number[]; others: number[] }]>([
    ["mae", REGRESSION, data.regression],
    ["auc", BINARY, data.binary],
  ])("on %s", (metric, task, { labels: truth, scores, others }) => {
    const [lower, standardError] = reference[metric];
    const got = compareModels(
      task,
      metric,
      { labels: truth },
      { scores, threshold: 0.5 },
      { scores: others, threshold: 0.5 },
      { resamples: 9999 },
    );
    expect(got.gain).toBeGreaterThan(lower);
    expect(Math.abs(got.lower! - lower)).toBeLessThan(0.1 * standardError);
  });
});

describe("the data of plots agrees with scikit-learn and NumPy to 1e-9", () => {
  it("on curves and quantiles", () => {
    const { roc, precisionRecall } = binaryCurves(labels, data.binary.scores)!;
    const residuals = Float64Array.from(prices, (price, row) => price - data.regression.scores[row]!).sort();
    const pairs: [number[], number[]][] = [
      [roc!.falsePositiveRate, reference.roc[0]],
      [roc!.truePositiveRate, reference.roc[1]],
      [roc!.threshold.slice(1) as number[], reference.thresholds],
      [precisionRecall!.precision, reference.precision],
      [precisionRecall!.recall, reference.recall],
      [reference.levels.map((level) => quantileOfSorted(residuals, level)), reference.quantiles],
    ];
    for (const [got, expected] of pairs) {
      expect(got).toHaveLength(expected.length);
      expected.forEach((value, i) => expect(Math.abs(got[i]! - value)).toBeLessThan(1e-9));
    }
  });
});
