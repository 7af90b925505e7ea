/** Least share of a bin: an empty one would make the logarithm infinite. The floor that Evidently uses. */
export const SHARE_FLOOR = 1e-4;

/**
 * Population stability index: Σ (c − r) · ln(c / r) over bins, in nats, shares floored at 1e-4. At least 0; 0 where
 * both are equal; by convention under 0.1 is stable and over 0.25 has drifted. Throws unless both have the same bins.
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

/** Quantile of the standard normal distribution at 1 − 1e-5: a window of 25 variables that did not drift passes in 99.98 %. */
const NORMAL_QUANTILE = 4.264890793922825;

/**
 * PSI that chance alone exceeds for one variable in 100,000 that has not drifted, in a window of `current` rows. PSI is then
 * distributed as (1/n + 1/m) · χ² with bins − 1 degrees of freedom (Yurdakul 2018). A threshold below this limit reports noise.
 */
export function psiNullLimit(bins: number, reference: number, current: number): number {
  return (1 / reference + 1 / current) * chiSquaredQuantile(Math.max(1, bins - 1));
}

/** Quantile of χ² by Wilson and Hilferty (1931). */
function chiSquaredQuantile(degrees: number): number {
  const v = 2 / (9 * degrees);
  return degrees * (1 - v + NORMAL_QUANTILE * Math.sqrt(v)) ** 3;
}
