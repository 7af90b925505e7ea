import { predictedClasses } from "../metrics/multiclass.ts";
import type { ScoredRows } from "../task-metrics.ts";
import type { ResampledMetric } from "./paired-bootstrap.ts";
import { resampledAuc } from "./resampled-curves.ts";
import { eachRow, logTerm, meanOf } from "./weighted-mean.ts";

export function resampledMulticlass(
  metric: string,
  rows: ScoredRows,
  classes: number,
): ResampledMetric | undefined {
  const { labels, scores } = rows;
  switch (metric) {
    case "logLoss":
      return meanOf(eachRow(labels.length, (row) => logTerm(scores[row * classes + labels[row]!]!)));
    case "accuracy": {
      const predicted = predictedClasses({ labels, probabilities: scores, classes });
      return meanOf(eachRow(labels.length, (row) => Number(predicted[row] === labels[row])));
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
          eachRow(labels.length, (row) => Number(labels[row] === code)),
          eachRow(labels.length, (row) => scores[row * classes + code]!),
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
