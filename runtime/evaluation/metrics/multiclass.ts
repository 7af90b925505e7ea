import { likeliestClass } from "../../contract/task.ts";
import { areaUnderRoc } from "./binary.ts";

/** Metrics of one class against all others. */
export interface ClassMetrics {
  /** Rows of this class. */
  rows: number;
  /** 0 if no row is predicted to be of this class. */
  precision: number;
  /** 0 if there is no row of this class. */
  recall: number;
  /** Harmonic mean of precision and recall; 0 if both are 0. */
  f1: number;
  /** Area under the ROC curve of this class's probability; null unless there are rows of this class and of another. */
  auc: number | null;
}

/** Codes 0 to `classes - 1` of the true classes, and row-major probabilities, `classes` for each row. */
export interface ClassScores {
  labels: ArrayLike<number>;
  probabilities: ArrayLike<number>;
  classes: number;
}

/** Returns the class with the greatest probability for each row; the first one if several are equal. */
export function predictedClasses({ labels, probabilities, classes }: ClassScores): Int32Array {
  return Int32Array.from({ length: labels.length }, (_, row) =>
    likeliestClass(probabilities, row * classes, classes),
  );
}

/** Returns the number of rows by true class (rows) and predicted class (columns). */
export function confusionMatrix(scores: ClassScores): number[][] {
  const matrix = Array.from({ length: scores.classes }, () => new Array<number>(scores.classes).fill(0));
  predictedClasses(scores).forEach((predicted, row) => matrix[scores.labels[row]!]![predicted]!++);
  return matrix;
}

/** Returns the share of rows whose class has the greatest probability. */
export function accuracy(matrix: readonly (readonly number[])[]): number {
  const rows = matrix.flat().reduce((sum, count) => sum + count, 0);
  return matrix.reduce((sum, counts, code) => sum + counts[code]!, 0) / rows;
}

/** Returns the mean negative log likelihood in nats; probabilities are kept 2⁻⁵² away from 0 and 1, as in scikit-learn. */
export function multiclassLogLoss({ labels, probabilities, classes }: ClassScores): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const p = probabilities[row * classes + labels[row]!]!;
    sum -= Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
  }
  return sum / labels.length;
}

/** Returns the metrics of each class, by its code. */
export function classMetrics(scores: ClassScores): ClassMetrics[] {
  const { labels, probabilities, classes } = scores;
  const matrix = confusionMatrix(scores);
  return matrix.map((counts, code) => {
    const rows = counts.reduce((sum, count) => sum + count, 0);
    const predicted = matrix.reduce((sum, row) => sum + row[code]!, 0);
    const hits = counts[code]!;
    const isClass = Uint8Array.from({ length: labels.length }, (_, row) => Number(labels[row] === code));
    const own = Float64Array.from(
      { length: labels.length },
      (_, row) => probabilities[row * classes + code]!,
    );
    return {
      rows,
      precision: predicted === 0 ? 0 : hits / predicted,
      recall: rows === 0 ? 0 : hits / rows,
      f1: rows + predicted === 0 ? 0 : (2 * hits) / (rows + predicted),
      auc: areaUnderRoc(isClass, own),
    };
  });
}

/** Returns the plain mean of a metric over all classes, however many rows each has; null if a class has none. */
export function macro(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum / values.length;
}
