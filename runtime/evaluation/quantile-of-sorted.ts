/**
 * Returns a quantile of sorted values, with linear interpolation between two of them.
 * @see Hyndman, Fan: Sample Quantiles in Statistical Packages (The American Statistician 1996), definition 7
 */
export function quantileOfSorted(sorted: ArrayLike<number>, quantile: number): number {
  const place = quantile * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
