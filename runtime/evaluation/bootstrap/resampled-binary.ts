import type { ScoredRows } from "../task-metrics.ts";
import type { ResampledMetric } from "./paired-bootstrap.ts";
import { resampledAuc, resampledAveragePrecision } from "./resampled-curves.ts";
import { eachRow, logTerm, meanOf, ratio } from "./weighted-mean.ts";

export function resampledBinary(
  metric: string,
  rows: ScoredRows,
  threshold: number,
): ResampledMetric | undefined {
  const { labels, scores, heldOut } = rows;
  switch (metric) {
    case "auc":
      return resampledAuc(labels, scores);
    case "averagePrecision":
      return resampledAveragePrecision(labels, scores);
    case "logLoss":
      return meanOf(
        eachRow(labels.length, (row) => logTerm(labels[row] === 1 ? scores[row]! : 1 - scores[row]!)),
      );
    case "brier":
      return meanOf(eachRow(labels.length, (row) => (labels[row]! - scores[row]!) ** 2));
    case "calibrationError":
      return resampledCalibrationError(labels, scores);
    case "f1":
    case "precision":
    case "recall": {
      const positive = eachRow(labels.length, (row) => Number(scores[row]! >= threshold));
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

function resampledCalibrationError(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  bins = 10,
): ResampledMetric {
  const binOf = eachRow(labels.length, (row) => Math.min(bins - 1, Math.floor(scores[row]! * bins)));
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
