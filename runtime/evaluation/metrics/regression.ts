/** True values and predictions, one entry for each row; both finite. */
type Numbers = ArrayLike<number>;

function meanOf(length: number, term: (row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < length; row++) sum += term(row);
  return sum / length;
}

/** Returns the root of the mean squared error, in the unit of the label. */
export function rootMeanSquaredError(labels: Numbers, predictions: Numbers): number {
  return Math.sqrt(meanOf(labels.length, (row) => (labels[row]! - predictions[row]!) ** 2));
}

/** Returns the mean absolute error, in the unit of the label. */
export function meanAbsoluteError(labels: Numbers, predictions: Numbers): number {
  return meanOf(labels.length, (row) => Math.abs(labels[row]! - predictions[row]!));
}

/**
 * Returns the mean absolute error as a share of the label. A label near 0 makes it huge, and it punishes a prediction that is too high
 * more than one that is too low; null if a label is 0, where the share has no meaning.
 */
export function meanAbsolutePercentageError(labels: Numbers, predictions: Numbers): number | null {
  for (let row = 0; row < labels.length; row++) if (labels[row] === 0) return null;
  return meanOf(labels.length, (row) => Math.abs((labels[row]! - predictions[row]!) / labels[row]!));
}

/** Returns the coefficient of determination: 1 is perfect, 0 is no better than the mean of the labels; null if all labels are equal. */
export function rSquared(labels: Numbers, predictions: Numbers): number | null {
  const mean = meanOf(labels.length, (row) => labels[row]!);
  const spread = meanOf(labels.length, (row) => (labels[row]! - mean) ** 2);
  if (spread === 0) return null;
  return 1 - meanOf(labels.length, (row) => (labels[row]! - predictions[row]!) ** 2) / spread;
}

/**
 * Returns the pinball loss of predictions of a quantile, in the unit of the label. It is least for the true quantile.
 *
 * @param quantile - in (0, 1), such as 0.9
 * @see Koenker, Bassett: Regression Quantiles (Econometrica 1978)
 */
export function pinballLoss(labels: Numbers, predictions: Numbers, quantile: number): number {
  return meanOf(labels.length, (row) => {
    const error = labels[row]! - predictions[row]!;
    return error >= 0 ? quantile * error : (quantile - 1) * error;
  });
}

/** Returns the mean Poisson deviance of predicted counts; null if a prediction is not more than 0 or a label is less than 0. */
export function poissonDeviance(labels: Numbers, predictions: Numbers): number | null {
  for (let row = 0; row < labels.length; row++) if (!(predictions[row]! > 0) || labels[row]! < 0) return null;
  return meanOf(labels.length, (row) => {
    const [label, prediction] = [labels[row]!, predictions[row]!];
    const logTerm = label === 0 ? 0 : label * Math.log(label / prediction);
    return 2 * (logTerm - label + prediction);
  });
}
