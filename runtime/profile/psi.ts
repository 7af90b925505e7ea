/** Least share of a bin, as in Evidently: an empty bin would make the logarithm infinite. */
export const SHARE_FLOOR = 1e-4;

/**
 * Returns the population stability index: Σ (c − r) · ln(c / r) over bins, in nats, with shares of at least 1e-4. It is 0 if both
 * are equal, else positive; by convention, below 0.1 is stable and above 0.25 has drifted. Throws unless both have the same bins.
 */
export function psi(reference: readonly number[], current: readonly number[]): number {
  if (reference.length !== current.length)
    throw new Error(`psi: both must have the same bins, got ${reference.length} and ${current.length}`);
  return reference.reduce((sum, share, i) => {
    const r = Math.max(share, SHARE_FLOOR);
    const c = Math.max(current[i] ?? 0, SHARE_FLOOR);
    return sum + (c - r) * Math.log(c / r);
  }, 0);
}

/** Quantile of the standard normal distribution at 1 − 1e-5: a window of 25 variables without drift passes with 99.98 %. */
const NORMAL_QUANTILE = 4.264890793922825;

/**
 * Returns the PSI that chance exceeds for 1 of 100,000 variables without drift, in a window of `current` rows. Without drift, PSI is
 * distributed as (1/n + 1/m) · χ² with bins − 1 degrees of freedom (Yurdakul 2018). A threshold below this limit reports noise.
 */
export function psiNullLimit(bins: number, reference: number, current: number): number {
  return (1 / reference + 1 / current) * chiSquaredQuantile(Math.max(1, bins - 1));
}

/** Returns the quantile of χ² by Wilson and Hilferty (1931). */
function chiSquaredQuantile(degrees: number): number {
  const v = 2 / (9 * degrees);
  return degrees * (1 - v + NORMAL_QUANTILE * Math.sqrt(v)) ** 3;
}
