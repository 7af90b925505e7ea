import type { NaturalVariation, VariableProfile } from "../contract/reference-profile.ts";
import { binOf } from "./bin-shares.ts";
import { sharesPsi } from "./window-psi.ts";

/** Lengths of the periods that are compared. A window is judged by the longest one that is not longer than itself. */
const PERIOD_ROWS = [500, 1000, 2000, 5000];

/** With fewer periods than this the greatest PSI says little. */
const PERIODS_AT_LEAST = 10;

/**
 * Returns how far periods of the training rows lie from all of them: the greatest PSI of any `rows` consecutive values.
 * Rows that follow each other are alike (flights of one hour share its weather), so a window of production differs from
 * months of training although nothing is wrong. `values` are in the order of prediction, NaN = missing.
 */
export function naturalVariation(profile: VariableProfile, values: Float64Array): NaturalVariation[] {
  const bins = Uint16Array.from(values, (value) => binOf(profile, Number.isNaN(value) ? null : value));
  return PERIOD_ROWS.filter((rows) => values.length >= rows * PERIODS_AT_LEAST).map((rows) => {
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
