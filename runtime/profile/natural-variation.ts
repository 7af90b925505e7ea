import type { NaturalVariation, VariableProfile } from "../contract/reference-profile.ts";
import { binOf } from "./bin-shares.ts";
import { sharesPsi } from "./window-psi.ts";

/** Lengths of the periods in rows. A window is compared with the longest period that is not longer than the window. */
const PERIOD_ROWS = [500, 1000, 2000, 5000];

/** Least number of periods; with fewer, the greatest PSI is not reliable. */
const MIN_PERIODS = 10;

/**
 * Returns how much periods of the training rows differ from all of them: the greatest PSI of any `rows` consecutive values.
 * Rows that follow each other are alike (flights of one hour share its weather), so a window of production differs from
 * months of training although nothing is wrong. `values` are in the order of prediction, NaN = missing.
 */
export function naturalVariation(profile: VariableProfile, values: Float64Array): NaturalVariation[] {
  const bins = Uint16Array.from(values, (value) => binOf(profile, Number.isNaN(value) ? null : value));
  return PERIOD_ROWS.filter((rows) => values.length >= rows * MIN_PERIODS).map((rows) => {
    let greatest = 0;
    for (let first = 0; first + rows <= bins.length; first += rows) {
      const counts = new Array<number>(profile.shares.length).fill(0);
      for (const bin of bins.subarray(first, first + rows)) counts[bin]!++;
      const shares = counts.map((count) => count / rows);
      greatest = Math.max(greatest, sharesPsi(profile.shares, shares, rows).value);
    }
    return { rows, psi: greatest };
  });
}
