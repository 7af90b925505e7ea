import type { VariableProfile } from "../contract/reference-profile.ts";
import { psiNullLimit } from "./psi.ts";

/** Factor by which a window must exceed the variation of the training periods to count as drifted. */
const MARGIN = 1.25;

export interface DriftLimitOptions {
  /** Configured PSI from which a variable counts as drifted. */
  threshold: number;
  profile: VariableProfile;
  /** Training rows that the profile was made from. */
  referenceRows: number;
  windowRows: number;
  /** Number of bins that PSI compared. */
  bins: number;
}

/**
 * Returns the PSI from which a variable counts as drifted: the threshold, unless chance or the variation of the training data can
 * exceed it.
 */
export function driftLimit(options: DriftLimitOptions): number {
  const { threshold, profile, referenceRows, windowRows, bins } = options;
  const periods = (profile.variation ?? []).filter(({ rows }) => rows <= windowRows);
  const longest = periods.reduce((a, b) => (b.rows > a.rows ? b : a), { rows: 0, psi: 0 });
  return Math.max(threshold, psiNullLimit(bins, referenceRows, windowRows), MARGIN * longest.psi);
}
