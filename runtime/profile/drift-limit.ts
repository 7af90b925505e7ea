import type { VariableProfile } from "../contract/reference-profile.ts";
import { psiNullLimit } from "./psi.ts";

/** What lies this far outside of the training periods is more than one more period of the same kind. */
const MARGIN = 1.25;

export interface DriftLimitOptions {
  /** PSI that the configuration asks for. */
  threshold: number;
  profile: VariableProfile;
  /** Training rows that the profile was made from. */
  referenceRows: number;
  windowRows: number;
  /** Bins that PSI compared. */
  bins: number;
}

/**
 * Returns the PSI from which a variable counts as drifted: the threshold, unless chance alone or the periods of the training
 * data reach further.
 */
export function driftLimit(options: DriftLimitOptions): number {
  const { threshold, profile, referenceRows, windowRows, bins } = options;
  const periods = (profile.variation ?? []).filter(({ rows }) => rows <= windowRows);
  const longest = periods.reduce((a, b) => (b.rows > a.rows ? b : a), { rows: 0, psi: 0 });
  return Math.max(threshold, psiNullLimit(bins, referenceRows, windowRows), MARGIN * longest.psi);
}
