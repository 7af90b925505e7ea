import type { LearntTask } from "../../contract/task.ts";
import { predictedClasses } from "../metrics/multiclass.ts";
import { averagePrecision } from "../metrics/binary.ts";
import { ndcg } from "../metrics/ranking.ts";
import { quantileOf, rankedGroups, type ScoredRows } from "../task-metrics.ts";
import type { ResampledMetric } from "./paired-bootstrap.ts";
import { resampledAuc, resampledAveragePrecision } from "./resampled-curves.ts";

type Numbers = ArrayLike<number>;

/**
 * Returns a metric of a task as a function of how often each row counts. What does not depend on the counts, such as the order of the
 * scores, is computed once, so that a resample takes one pass over the rows. Equal to `taskMetrics` of the rows, each repeated.
 */
export function resampledMetric(
  task: LearntTask,
  metric: string,
  rows: ScoredRows,
  threshold: number,
): ResampledMetric {
  const found =
    task.kind === "binary"
      ? binary(metric, rows, threshold)
      : task.kind === "multiclass"
        ? multiclass(metric, rows, task.classes.length)
        : task.kind === "regression"
          ? regression(metric, rows, quantileOf(task))
          : ranking(metric, rows);
  if (found === undefined) throw new Error(`${metric} is no metric of the task ${task.kind}`);
  return found;
}

function binary(metric: string, rows: ScoredRows, threshold: number): ResampledMetric | undefined {
  const { labels, scores, heldOut } = rows;
  switch (metric) {
    case "auc":
      return resampledAuc(labels, scores);
    case "averagePrecision":
      return resampledAveragePrecision(labels, scores);
    case "logLoss":
      return meanOf(terms(labels, (row) => logTerm(labels[row] === 1 ? scores[row]! : 1 - scores[row]!)));
    case "brier":
      return meanOf(terms(labels, (row) => (labels[row]! - scores[row]!) ** 2));
    case "calibrationError":
      return resampledCalibrationError(labels, scores);
    case "f1":
    case "precision":
    case "recall": {
      const positive = terms(labels, (row) => Number(scores[row]! >= threshold));
      return (counts) => {
        let [hits, predicted, actual] = [0, 0, 0];
        for (let row = 0; row < counts.length; row++) {
          if (heldOut !== undefined && heldOut[row] === 0) continue;
          const count = counts[row]!;
          hits += count * positive[row]! * labels[row]!;
          predicted += count * positive[row]!;
          actual += count * labels[row]!;
        }
        if (metric === "f1") return hits === 0 ? 0 : (2 * hits) / (predicted + actual);
        return ratio(hits, metric === "precision" ? predicted : actual);
      };
    }
  }
  return undefined;
}

function multiclass(metric: string, rows: ScoredRows, classes: number): ResampledMetric | undefined {
  const { labels, scores } = rows;
  switch (metric) {
    case "logLoss":
      return meanOf(terms(labels, (row) => logTerm(scores[row * classes + labels[row]!]!)));
    case "accuracy": {
      const predicted = predictedClasses({ labels, probabilities: scores, classes });
      return meanOf(terms(labels, (row) => Number(predicted[row] === labels[row])));
    }
    case "macroF1":
      return resampledMacroF1(
        Int32Array.from({ length: labels.length }, (_, row) => labels[row]!),
        predictedClasses({ labels, probabilities: scores, classes }),
        classes,
      );
    case "macroAuc": {
      const ofClasses = Array.from({ length: classes }, (_, code) =>
        resampledAuc(
          terms(labels, (row) => Number(labels[row] === code)),
          terms(labels, (row) => scores[row * classes + code]!),
        ),
      );
      return (counts) => {
        let sum = 0;
        for (const auc of ofClasses) {
          const value = auc(counts);
          if (value === null) return null;
          sum += value;
        }
        return sum / classes;
      };
    }
  }
  return undefined;
}

function regression(metric: string, rows: ScoredRows, quantile: number): ResampledMetric | undefined {
  const { labels, scores } = rows;
  const error = (row: number): number => labels[row]! - scores[row]!;
  switch (metric) {
    case "rmse": {
      const squared = meanOf(terms(labels, (row) => error(row) ** 2));
      return (counts) => Math.sqrt(squared(counts) ?? NaN);
    }
    case "mae":
      return meanOf(terms(labels, (row) => Math.abs(error(row))));
    case "mape":
      return unlessSome(
        labels,
        (row) => labels[row] === 0,
      )(meanOf(terms(labels, (row) => Math.abs(error(row) / labels[row]!))));
    case "pinballLoss":
      return meanOf(
        terms(labels, (row) => (error(row) >= 0 ? quantile * error(row) : (quantile - 1) * error(row))),
      );
    case "poissonDeviance":
      return unlessSome(
        labels,
        (row) => !(scores[row]! > 0) || labels[row]! < 0,
      )(
        meanOf(
          terms(labels, (row) => {
            const [label, prediction] = [labels[row]!, scores[row]!];
            return 2 * ((label === 0 ? 0 : label * Math.log(label / prediction)) - label + prediction);
          }),
        ),
      );
    case "r2":
      return resampledRSquared(labels, scores);
  }
  return undefined;
}

/** `counts` are of groups, in the order of `rankedGroups`. Groups without a relevant row have no value and count for nothing. */
function ranking(metric: string, rows: ScoredRows): ResampledMetric | undefined {
  if (metric !== "ndcg" && metric !== "meanAveragePrecision") return undefined;
  const values = rankedGroups(rows).map((group) =>
    metric === "ndcg"
      ? ndcg(group)
      : averagePrecision(
          Array.from(group.labels, (label) => Number(label > 0)),
          group.scores,
        ),
  );
  const has = Float64Array.from(values, (value) => Number(value !== null));
  const filled = Float64Array.from(values, (value) => value ?? 0);
  return (counts) => {
    let [sum, weight] = [0, 0];
    for (let group = 0; group < filled.length; group++) {
      sum += counts[group]! * filled[group]!;
      weight += counts[group]! * has[group]!;
    }
    return ratio(sum, weight);
  };
}

/** Whether a metric has a meaning depends on all rows, not on those that were drawn: a label of 0 is as bad where it was not drawn. */
function unlessSome(
  labels: Numbers,
  breaks: (row: number) => boolean,
): (metric: ResampledMetric) => ResampledMetric {
  for (let row = 0; row < labels.length; row++) if (breaks(row)) return () => () => null;
  return (metric) => metric;
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function logTerm(probability: number): number {
  return -Math.log(Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON));
}

function terms(labels: Numbers, term: (row: number) => number): Float64Array {
  const all = new Float64Array(labels.length);
  for (let row = 0; row < all.length; row++) all[row] = term(row);
  return all;
}

function meanOf(each: Float64Array): ResampledMetric {
  return (counts) => {
    let [sum, weight] = [0, 0];
    for (let row = 0; row < each.length; row++) {
      sum += counts[row]! * each[row]!;
      weight += counts[row]!;
    }
    return ratio(sum, weight);
  };
}

function resampledRSquared(labels: Numbers, scores: Numbers): ResampledMetric {
  // Labels are counted from their mean, so that sums of squares lose no digits.
  let mean = 0;
  for (let row = 0; row < labels.length; row++) mean += labels[row]! / labels.length;
  return (counts) => {
    let [weight, sum, squares, errors] = [0, 0, 0, 0];
    for (let row = 0; row < counts.length; row++) {
      const count = counts[row]!;
      const label = labels[row]! - mean;
      weight += count;
      sum += count * label;
      squares += count * label * label;
      errors += count * (labels[row]! - scores[row]!) ** 2;
    }
    const spread = squares - (sum * sum) / weight;
    return spread > 0 ? 1 - errors / spread : null;
  };
}

function resampledMacroF1(labels: Int32Array, predicted: Int32Array, classes: number): ResampledMetric {
  const [hits, both] = [new Float64Array(classes), new Float64Array(classes)];
  return (counts) => {
    hits.fill(0);
    both.fill(0);
    for (let row = 0; row < counts.length; row++) {
      const [count, label, guess] = [counts[row]!, labels[row]!, predicted[row]!];
      both[label] = both[label]! + count;
      both[guess] = both[guess]! + count;
      if (label === guess) hits[label] = hits[label]! + count;
    }
    let sum = 0;
    for (let code = 0; code < classes; code++) sum += both[code] === 0 ? 0 : (2 * hits[code]!) / both[code]!;
    return sum / classes;
  };
}

function resampledCalibrationError(labels: Numbers, scores: Numbers, bins = 10): ResampledMetric {
  const binOf = terms(labels, (row) => Math.min(bins - 1, Math.floor(scores[row]! * bins)));
  return (counts) => {
    const excess = new Float64Array(bins);
    let weight = 0;
    for (let row = 0; row < counts.length; row++) {
      const bin = binOf[row]!;
      excess[bin] = excess[bin]! + counts[row]! * (scores[row]! - labels[row]!);
      weight += counts[row]!;
    }
    return ratio(
      excess.reduce((sum, each) => sum + Math.abs(each), 0),
      weight,
    );
  };
}
