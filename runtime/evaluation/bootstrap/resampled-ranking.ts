import { averagePrecision } from "../metrics/binary.ts";
import { ndcg } from "../metrics/ranking.ts";
import { rankedGroups, type ScoredRows } from "../task-metrics.ts";
import type { ResampledMetric } from "./paired-bootstrap.ts";
import { ratio } from "./weighted-mean.ts";

/** `counts` are of groups, in the order of `rankedGroups`. Groups without a relevant row have no value and count for nothing. */
export function resampledRanking(metric: string, rows: ScoredRows): ResampledMetric | undefined {
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
