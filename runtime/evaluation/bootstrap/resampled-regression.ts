import type { ScoredRows } from "../task-metrics.ts";
import type { ResampledMetric } from "./paired-bootstrap.ts";
import { eachRow, meanOf } from "./weighted-mean.ts";

export function resampledRegression(
  metric: string,
  rows: ScoredRows,
  quantile: number,
): ResampledMetric | undefined {
  const { labels, scores } = rows;
  const error = (row: number): number => labels[row]! - scores[row]!;
  switch (metric) {
    case "rmse": {
      const squared = meanOf(eachRow(labels.length, (row) => error(row) ** 2));
      return (counts) => Math.sqrt(squared(counts) ?? NaN);
    }
    case "mae":
      return meanOf(eachRow(labels.length, (row) => Math.abs(error(row))));
    case "mape":
      return unlessSome(
        labels,
        (row) => labels[row] === 0,
      )(meanOf(eachRow(labels.length, (row) => Math.abs(error(row) / labels[row]!))));
    case "pinballLoss":
      return meanOf(
        eachRow(labels.length, (row) =>
          error(row) >= 0 ? quantile * error(row) : (quantile - 1) * error(row),
        ),
      );
    case "poissonDeviance":
      return unlessSome(
        labels,
        (row) => !(scores[row]! > 0) || labels[row]! < 0,
      )(
        meanOf(
          eachRow(labels.length, (row) => {
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

/** Whether a metric has a meaning depends on all rows, not on those that were drawn: a label of 0 is as bad where it was not drawn. */
function unlessSome(
  labels: ArrayLike<number>,
  breaks: (row: number) => boolean,
): (metric: ResampledMetric) => ResampledMetric {
  for (let row = 0; row < labels.length; row++) if (breaks(row)) return () => () => null;
  return (metric) => metric;
}

function resampledRSquared(labels: ArrayLike<number>, scores: ArrayLike<number>): ResampledMetric {
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
