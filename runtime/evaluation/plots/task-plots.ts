import type { EvaluationPlots } from "../../contract/evaluation-plots.ts";
import type { LearntTask } from "../../contract/task.ts";
import { meanOverGroups, ndcg } from "../metrics/ranking.ts";
import { quantileOfSorted } from "../quantile-of-sorted.ts";
import { rankedGroups, type ScoredRows } from "../task-metrics.ts";
import { binaryCurves } from "./curves.ts";

const RESIDUAL_QUANTILES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
const PLACES = [1, 3, 5, 10, 20];
const BINS = 10;

/** Returns the data of a task's plots; undefined for several classes, whose plot is the confusion matrix. */
export function taskPlots(task: LearntTask, rows: ScoredRows): EvaluationPlots | undefined {
  switch (task.kind) {
    case "binary":
      return binaryCurves(rows.labels, rows.scores);
    case "regression":
      return {
        residuals: residualQuantiles(rows),
        predictedVersusObserved: predictedVersusObserved(rows),
      };
    case "ranking": {
      const groups = rankedGroups(rows);
      const places = PLACES.map((k) => ({
        places: k,
        ndcg: meanOverGroups(groups, (group) => ndcg(group, k)),
      }));
      return { ndcgAt: places };
    }
    case "multiclass":
      return undefined;
  }
}

function residualQuantiles({ labels, scores }: ScoredRows): NonNullable<EvaluationPlots["residuals"]> {
  const residuals = Float64Array.from(
    { length: labels.length },
    (_, row) => labels[row]! - scores[row]!,
  ).sort();
  return {
    quantile: RESIDUAL_QUANTILES,
    value: RESIDUAL_QUANTILES.map((q) => quantileOfSorted(residuals, q)),
  };
}

function predictedVersusObserved({
  labels,
  scores,
}: ScoredRows): NonNullable<EvaluationPlots["predictedVersusObserved"]> {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row).sort(
    (a, b) => scores[a]! - scores[b]! || labels[a]! - labels[b]!,
  );
  return Array.from({ length: BINS }, (_, bin) =>
    order.subarray(Math.round((bin * order.length) / BINS), Math.round(((bin + 1) * order.length) / BINS)),
  )
    .filter((rows) => rows.length > 0)
    .map((rows) => {
      const mean = (values: ArrayLike<number>): number =>
        rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length;
      return {
        low: scores[rows[0]!]!,
        high: scores[rows.at(-1)!]!,
        rows: rows.length,
        predicted: mean(scores),
        observed: mean(labels),
      };
    });
}
