import type { EvaluationPlots } from "../../contract/evaluation-plots.ts";

/** Counts of rows from a score on. */
interface CurvePoint {
  threshold: number;
  truePositives: number;
  falsePositives: number;
}

const MAX_POINTS = 200;

/**
 * Returns the ROC curve and the precision-recall curve of binary scores, at most 200 points each, with the first and the last; undefined
 * unless both outcomes are present.
 *
 * @param labels - 0 or 1
 */
export function binaryCurves(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): Pick<EvaluationPlots, "roc" | "precisionRecall"> | undefined {
  const points = pointsOf(labels, scores);
  const { truePositives: positives = 0, falsePositives: negatives = 0 } = points.at(-1) ?? {};
  if (positives === 0 || negatives === 0) return undefined;
  const roc = spread(
    points,
    ({ truePositives, falsePositives }) => truePositives / positives + falsePositives / negatives,
    MAX_POINTS - 1,
  );
  const recall = spread(points, ({ truePositives, falsePositives }) => truePositives + falsePositives);
  return {
    roc: {
      threshold: [null, ...roc.map(({ threshold }) => threshold)],
      falsePositiveRate: [0, ...roc.map(({ falsePositives }) => falsePositives / negatives)],
      truePositiveRate: [0, ...roc.map(({ truePositives }) => truePositives / positives)],
    },
    precisionRecall: {
      threshold: recall.map(({ threshold }) => threshold),
      precision: recall.map(
        ({ truePositives, falsePositives }) => truePositives / (truePositives + falsePositives),
      ),
      recall: recall.map(({ truePositives }) => truePositives / positives),
    },
  };
}

/** Returns a point for each different score, falling. */
function pointsOf(labels: ArrayLike<number>, scores: ArrayLike<number>): CurvePoint[] {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row).sort(
    (a, b) => scores[b]! - scores[a]!,
  );
  const points: CurvePoint[] = [];
  let [truePositives, falsePositives] = [0, 0];
  order.forEach((row, place) => {
    if (labels[row] === 1) truePositives++;
    else falsePositives++;
    if (place + 1 < order.length && scores[order[place + 1]!] === scores[row]) return;
    points.push({ threshold: scores[row]!, truePositives, falsePositives });
  });
  return points;
}

/** Returns at most `most` of the points, at even steps of a value that rises from point to point; the first and the last among them. */
function spread(
  points: readonly CurvePoint[],
  valueOf: (point: CurvePoint) => number,
  most = MAX_POINTS,
): CurvePoint[] {
  if (points.length <= most) return [...points];
  const [first, last] = [valueOf(points[0]!), valueOf(points.at(-1)!)];
  const kept: CurvePoint[] = [points[0]!];
  for (const point of points.slice(1, -1)) {
    const step = ((last - first) * kept.length) / (most - 1);
    if (valueOf(point) >= first + step && kept.length < most - 1) kept.push(point);
  }
  return [...kept, points.at(-1)!];
}
