import type { VariableProfile } from "../contract/reference-profile.ts";
import { binShares } from "./bin-shares.ts";
import { psi } from "./psi.ts";
import { mergeRareBins } from "./rare-bins.ts";

export interface WindowPsi {
  value: number;
  /** Bins that were compared, after the rare ones were merged. */
  bins: number;
}

/** Returns the PSI of a window's values (null = missing) against a profile, rare bins merged. Throws if there are none. */
export function windowPsi(profile: VariableProfile, values: readonly (number | null)[]): WindowPsi {
  return sharesPsi(profile.shares, binShares(profile, values), values.length);
}

/** Returns the PSI from the shares of the window's `rows` values in the profile's bins. */
export function sharesPsi(reference: readonly number[], window: readonly number[], rows: number): WindowPsi {
  const merged = mergeRareBins(reference, window, rows);
  return { value: psi(merged.reference, merged.current), bins: merged.reference.length };
}
