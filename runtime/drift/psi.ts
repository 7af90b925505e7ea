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

/**
 * PSI that chance alone exceeds in 5 % of windows of `current` rows where nothing has drifted: PSI is then distributed
 * as (1/n + 1/m) · χ² with bins − 1 degrees of freedom (Yurdakul 2018). 10 bins: 0.338 for 100 rows on both sides, 0.068
 * for 500, 0.034 for 1000. A threshold below this limit reports noise.
 */
export function psiNullLimit(bins: number, reference: number, current: number): number {
  return (1 / reference + 1 / current) * chiSquared95(Math.max(1, bins - 1));
}

/** 95 % quantile of χ², by Wilson and Hilferty (1931): within 0.02 from three degrees of freedom on. */
function chiSquared95(degrees: number): number {
  const z = 1.6448536269514722;
  const v = 2 / (9 * degrees);
  return degrees * (1 - v + z * Math.sqrt(v)) ** 3;
}
