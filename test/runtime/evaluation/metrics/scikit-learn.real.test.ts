import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { pythonEnvironment } from "../../../../bench/python-environment.ts";
import { runCommand } from "../../../../local/run-command.ts";
import {
  areaUnderRoc,
  averagePrecision,
  brierScore,
  confusionAt,
  f1Score,
  logLoss,
} from "../../../../runtime/evaluation/metrics/binary.ts";
import {
  accuracy,
  classMetrics,
  confusionMatrix,
  macro,
  multiclassLogLoss,
} from "../../../../runtime/evaluation/metrics/multiclass.ts";
import {
  meanAveragePrecision,
  meanOverGroups,
  ndcg,
} from "../../../../runtime/evaluation/metrics/ranking.ts";
import {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  pinballLoss,
  poissonDeviance,
  rootMeanSquaredError,
  rSquared,
} from "../../../../runtime/evaluation/metrics/regression.ts";
import { seeded } from "../../profile/seeded.ts";

/** Computes every metric with scikit-learn, from the rows of a JSON file. */
const SCRIPT = `
import json, sys
import numpy as np
from sklearn import metrics as m
data = json.load(open(sys.argv[1]))
y, s = np.array(data["binary"]["labels"]), np.array(data["binary"]["scores"])
k = data["multiclass"]["classes"]
c = np.array(data["multiclass"]["labels"])
p = np.array(data["multiclass"]["probabilities"]).reshape(-1, k)
t, r = np.array(data["regression"]["labels"]), np.array(data["regression"]["predictions"])
groups = [(np.array(g["labels"]), np.array(g["scores"])) for g in data["groups"]]
best = p.argmax(axis=1)
print(json.dumps({
  "auc": m.roc_auc_score(y, s), "averagePrecision": m.average_precision_score(y, s),
  "logLoss": m.log_loss(y, s), "brier": m.brier_score_loss(y, s), "f1": m.f1_score(y, s >= 0.3),
  "accuracy": m.accuracy_score(c, best), "confusion": m.confusion_matrix(c, best).tolist(),
  "multiclassLogLoss": m.log_loss(c, p), "precision": m.precision_score(c, best, average=None, zero_division=0).tolist(),
  "recall": m.recall_score(c, best, average=None).tolist(), "macroF1": m.f1_score(c, best, average="macro"),
  "macroAuc": m.roc_auc_score(c, p, multi_class="ovr", average="macro"),
  "rmse": m.root_mean_squared_error(t, r), "mae": m.mean_absolute_error(t, r), "r2": m.r2_score(t, r),
  "mape": m.mean_absolute_percentage_error(t, r), "pinball": m.mean_pinball_loss(t, r, alpha=0.9),
  "poisson": m.mean_poisson_deviance(t, r),
  "ndcg": float(np.mean([m.ndcg_score([l], [q]) for l, q in groups])),
  "ndcgAt5": float(np.mean([m.ndcg_score([l], [q], k=5) for l, q in groups])),
  "map": float(np.mean([m.average_precision_score(l > 0, q) for l, q in groups])),
}))
`;
const referenceSchema = z.record(
  z.string(),
  z.union([z.number(), z.array(z.number()), z.array(z.array(z.number()))]),
);

const random = seeded(7);
const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
/** Scores with few digits, so that many rows have the same. */
const coarse = (): number => Math.round(random() * 20) / 20;

const ROWS = 500;
const CLASSES = 4;
const data = {
  binary: {
    labels: Array.from({ length: ROWS }, () => Number(random() < 0.2)),
    scores: Array.from({ length: ROWS }, coarse),
  },
  multiclass: {
    classes: CLASSES,
    labels: Array.from({ length: ROWS }, (_, row) => (row < CLASSES ? row : between(0, CLASSES - 1))),
    probabilities: Array.from({ length: ROWS }, () => {
      const weights = Array.from({ length: CLASSES }, () => random() + 0.01);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    }).flat(),
  },
  regression: {
    labels: Array.from({ length: ROWS }, () => between(1, 50)),
    predictions: Array.from({ length: ROWS }, () => random() * 50 + 0.1),
  },
  groups: Array.from({ length: 40 }, () => {
    const size = between(3, 12);
    return {
      labels: [1, ...Array.from({ length: size - 1 }, () => between(0, 4))],
      scores: Array.from({ length: size }, coarse),
    };
  }),
};

let folder: string;
let reference: z.infer<typeof referenceSchema>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scikit-learn-"));
  const file = join(folder, "rows.json");
  await writeFile(file, JSON.stringify(data));
  const python = await pythonEnvironment("scikit-learn", ["scikit-learn==1.9.1"]);
  reference = referenceSchema.parse(JSON.parse(await runCommand(python, ["-c", SCRIPT, file])));
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

describe("metrics agree with scikit-learn to 1e-9", () => {
  const { binary, multiclass, regression, groups } = data;
  const { labels: truth, predictions } = regression;
  const classes = classMetrics(multiclass);

  it.each<[string, number | null | number[] | number[][]]>([
    ["auc", areaUnderRoc(binary.labels, binary.scores)],
    ["averagePrecision", averagePrecision(binary.labels, binary.scores)],
    ["logLoss", logLoss(binary.labels, binary.scores)],
    ["brier", brierScore(binary.labels, binary.scores)],
    ["f1", f1Score(confusionAt(binary.labels, binary.scores, 0.3))],
    ["confusion", confusionMatrix(multiclass)],
    ["accuracy", accuracy(confusionMatrix(multiclass))],
    ["multiclassLogLoss", multiclassLogLoss(multiclass)],
    ["precision", classes.map(({ precision }) => precision)],
    ["recall", classes.map(({ recall }) => recall)],
    ["macroF1", macro(classes.map(({ f1 }) => f1))],
    ["macroAuc", macro(classes.map(({ auc }) => auc))],
    ["rmse", rootMeanSquaredError(truth, predictions)],
    ["mae", meanAbsoluteError(truth, predictions)],
    ["mape", meanAbsolutePercentageError(truth, predictions)],
    ["r2", rSquared(truth, predictions)],
    ["pinball", pinballLoss(truth, predictions, 0.9)],
    ["poisson", poissonDeviance(truth, predictions)],
    ["ndcg", meanOverGroups(groups, (group) => ndcg(group))],
    ["ndcgAt5", meanOverGroups(groups, (group) => ndcg(group, 5))],
    ["map", meanAveragePrecision(groups)],
  ])("on %s", (name, ours) => {
    const [expected, got] = [reference[name], ours].map((value) => [value].flat(2) as number[]);
    expect(got).toHaveLength(expected!.length);
    expected!.forEach((value, i) => expect(Math.abs(got![i]! - value)).toBeLessThan(1e-9));
  });
});

describe("metrics without a meaning", () => {
  it("are null, and never a number that looks like one", () => {
    expect(averagePrecision([0, 0], [0.1, 0.2])).toBeNull();
    expect(rSquared([3, 3], [1, 2])).toBeNull();
    expect(meanAbsolutePercentageError([0, 1], [1, 1])).toBeNull();
    expect(poissonDeviance([1, 2], [0, 2])).toBeNull();
    expect(ndcg({ labels: [0, 0], scores: [1, 2] })).toBeNull();
    expect(meanAveragePrecision([{ labels: [0], scores: [1] }])).toBeNull();
    expect(macro([0.5, null])).toBeNull();
  });
});
