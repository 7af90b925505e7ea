import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrationBins, calibrationError } from "../../../../runtime/evaluation/calibration.ts";
import {
  areaUnderRoc,
  brierScore,
  confusionAt,
  logLoss,
  prevalence,
} from "../../../../runtime/evaluation/metrics/binary.ts";
import { segmentMetrics } from "../../../../runtime/evaluation/segments.ts";

// Reference values: scikit-learn 1.9.1 (roc_auc_score, log_loss, brier_score_loss, confusion_matrix); calibration error: numpy.
const labels = [0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1];
const scores = [
  0, 0.4, 0.4, 0.9, 0.7, 0.4, 0.5, 0.2, 0, 0.2, 0.7, 0.3, 0.4, 0, 0.7, 0.1, 0.2, 0.7, 0.4, 0.7, 0.7, 0.7, 0.1,
  0.6,
];

describe("metrics agree with scikit-learn", () => {
  it("on the area under the ROC curve, with ties", () => {
    expect(areaUnderRoc(labels, scores)).toBeCloseTo(0.8222222222222222, 14);
  });
  it("on log loss, with scores of 0 and 1", () => {
    expect(logLoss(labels, scores)).toBeCloseTo(0.4746528843849515, 14);
    expect(logLoss([0, 1, 1, 0], [0, 1, 0, 1])).toBeCloseTo(18.021826694558577, 10);
  });
  it("on the Brier score", () => {
    expect(brierScore(labels, scores)).toBeCloseTo(0.16166666666666665, 14);
  });
  it("on the confusion matrix, a score at the threshold counting as positive", () => {
    expect(confusionAt(labels, scores, 0.5)).toEqual({
      threshold: 0.5,
      trueNegative: 12,
      falsePositive: 3,
      falseNegative: 2,
      truePositive: 7,
    });
  });
  it("on the calibration error", () => {
    expect(calibrationError(calibrationBins(labels, scores))).toBeCloseTo(0.18333333333333335, 14);
  });
});

describe("the area under the ROC curve", () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 5 })), {
    maxLength: 40,
  });

  it("is the share of pairs in the right order, a tie counting half", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const positives = pairs.filter(([label]) => label === 1);
        const negatives = pairs.filter(([label]) => label === 0);
        const won = positives.flatMap(([, p]) => negatives.map(([, n]) => (p > n ? 1 : p === n ? 0.5 : 0)));
        const expected = won.length === 0 ? null : won.reduce<number>((a, b) => a + b, 0) / won.length;
        const auc = areaUnderRoc(
          pairs.map(([label]) => label),
          pairs.map(([, score]) => score),
        );
        if (expected === null) expect(auc).toBeNull();
        else expect(auc).toBeCloseTo(expected, 12);
      }),
    );
  });
});

describe("calibration", () => {
  it("puts a score of exactly 1 into the last bin and leaves empty bins at 0", () => {
    const bins = calibrationBins([1, 0], [1, 0.95]);
    expect(bins[9]).toEqual({ low: 0.9, high: 1, rows: 2, predicted: 0.975, observed: 0.5 });
    expect(bins[0]).toEqual({ low: 0, high: 0.1, rows: 0, predicted: 0, observed: 0 });
  });
});

describe("segments", () => {
  const values = ["UA", "AA", "UA", "AA"];

  it("are measured apart, in alphabetical order, without AUC where there is one class", () => {
    const rows = { labels: [0, 1, 1, 1], scores: [0.1, 0.2, 0.9, 0.3] };
    expect(segmentMetrics("carrier", values, { kind: "binary" }, rows, 0.5)).toMatchObject([
      { column: "carrier", value: "AA", rows: 2, metrics: { auc: null, recall: 0, precision: null } },
      { column: "carrier", value: "UA", rows: 2, metrics: { auc: 1, recall: 1, precision: 1 } },
    ]);
    expect(prevalence([1, 0, 0, 0])).toBe(0.25);
  });

  it("have the scores of all classes of their rows", () => {
    const task = { kind: "multiclass" as const, classes: ["a", "b"] };
    const rows = { labels: [0, 1, 1, 0], scores: [0.9, 0.1, 0.4, 0.6, 0.2, 0.8, 0.3, 0.7] };
    expect(segmentMetrics("carrier", values, task, rows, 0.5)).toMatchObject([
      { value: "AA", metrics: { accuracy: 0.5 } },
      { value: "UA", metrics: { accuracy: 1 } },
    ]);
  });
});
