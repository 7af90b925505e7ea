import type { LearntTask } from "../contract/task.ts";
import { calibrationBins, calibrationError } from "./calibration.ts";
import {
  areaUnderRoc,
  averagePrecision,
  brierScore,
  confusionAt,
  f1Score,
  logLoss,
} from "./metrics/binary.ts";
import { accuracy, classMetrics, confusionMatrix, macro, multiclassLogLoss } from "./metrics/multiclass.ts";
import { meanAveragePrecision, meanOverGroups, ndcg, type RankedGroup } from "./metrics/ranking.ts";
import {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  pinballLoss,
  poissonDeviance,
  rootMeanSquaredError,
  rSquared,
} from "./metrics/regression.ts";

/** Labelled rows and their scores. */
export interface ScoredRows {
  /** 0 or 1, the code of a class, a number, or how relevant a row is. */
  labels: ArrayLike<number>;
  /** Row-major, `outputsOf(task)` for each row. */
  scores: ArrayLike<number>;
  /** Ranking: the group of each row. */
  groups?: readonly string[] | undefined;
  /** Binary: 0 for rows by which the threshold was chosen: metrics at the threshold leave them out. @default - 1 for all rows */
  heldOut?: Uint8Array | undefined;
}

/** Metric → its value; null where it has no meaning for these rows, such as the AUC of one class. */
export type MetricValues = Record<string, number | null>;

/**
 * Returns the metrics of a task (`TASK_METRICS`).
 *
 * @param threshold - probability from which a row counts as positive
 */
export function taskMetrics(task: LearntTask, rows: ScoredRows, threshold: number): MetricValues {
  switch (task.kind) {
    case "binary":
      return binaryMetrics(rows, threshold);
    case "multiclass":
      return multiclassMetrics(rows, task.classes.length);
    case "regression":
      return regressionMetrics(rows, quantileOf(task));
    case "ranking": {
      const groups = rankedGroups(rows);
      return {
        ndcg: meanOverGroups(groups, (group) => ndcg(group)),
        meanAveragePrecision: meanAveragePrecision(groups),
      };
    }
  }
}

function binaryMetrics({ labels, scores, heldOut }: ScoredRows, threshold: number): MetricValues {
  const confusion = confusionAt(labels, scores, threshold, heldOut);
  const { truePositive, falsePositive, falseNegative } = confusion;
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    auc: areaUnderRoc(labels, scores),
    averagePrecision: averagePrecision(labels, scores),
    logLoss: logLoss(labels, scores),
    brier: brierScore(labels, scores),
    calibrationError: calibrationError(calibrationBins(labels, scores)),
    f1: f1Score(confusion),
    precision: share(truePositive, truePositive + falsePositive),
    recall: share(truePositive, truePositive + falseNegative),
  };
}

function multiclassMetrics({ labels, scores }: ScoredRows, classes: number): MetricValues {
  const rows = { labels, probabilities: scores, classes };
  const ofClasses = classMetrics(rows);
  return {
    macroF1: macro(ofClasses.map(({ f1 }) => f1)),
    macroAuc: macro(ofClasses.map(({ auc }) => auc)),
    accuracy: accuracy(confusionMatrix(rows)),
    logLoss: multiclassLogLoss(rows),
  };
}

/** Returns the quantile that a regression predicts; the median for a mean. */
export function quantileOf({ of = "mean" }: Extract<LearntTask, { kind: "regression" }>): number {
  return typeof of === "object" ? of.quantile : 0.5;
}

function regressionMetrics({ labels, scores }: ScoredRows, quantile: number): MetricValues {
  return {
    rmse: rootMeanSquaredError(labels, scores),
    mae: meanAbsoluteError(labels, scores),
    mape: meanAbsolutePercentageError(labels, scores),
    r2: rSquared(labels, scores),
    pinballLoss: pinballLoss(labels, scores, quantile),
    poissonDeviance: poissonDeviance(labels, scores),
  };
}

/** Returns the groups of a ranking, in the order of their first rows. */
export function rankedGroups({ labels, scores, groups = [] }: ScoredRows): RankedGroup[] {
  const rowsOf = new Map<string, number[]>();
  groups.forEach((group, row) => {
    const rows = rowsOf.get(group);
    if (rows === undefined) rowsOf.set(group, [row]);
    else rows.push(row);
  });
  return [...rowsOf.values()].map((rows) => ({
    labels: rows.map((row) => labels[row]!),
    scores: rows.map((row) => scores[row]!),
  }));
}
