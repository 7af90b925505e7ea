import type { Evaluation } from "../contract/evaluation.ts";

export type CalibrationBin = NonNullable<Evaluation["calibration"]>[number];

/** Returns ten bins of equal width over [0, 1]; the last one includes 1. An empty bin has predicted and observed 0. */
export function calibrationBins(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  count = 10,
): CalibrationBin[] {
  const bins = Array.from({ length: count }, (_, i) => ({
    low: i / count,
    high: (i + 1) / count,
    rows: 0,
    predicted: 0,
    observed: 0,
  }));
  for (let i = 0; i < labels.length; i++) {
    const bin = bins[Math.min(count - 1, Math.floor(scores[i]! * count))]!;
    bin.rows++;
    bin.predicted += scores[i]!;
    bin.observed += labels[i]!;
  }
  return bins.map((bin) =>
    bin.rows === 0 ? bin : { ...bin, predicted: bin.predicted / bin.rows, observed: bin.observed / bin.rows },
  );
}

/**
 * Returns the expected calibration error: the mean distance between predicted and observed, over bins, weighted by rows.
 * @see Naeini, Cooper, Hauskrecht: Obtaining Well Calibrated Probabilities Using Bayesian Binning (AAAI 2015)
 */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return bins.reduce((sum, bin) => sum + (bin.rows / rows) * Math.abs(bin.predicted - bin.observed), 0);
}
