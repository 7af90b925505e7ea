import { type CostRange } from "../estimate/cost-range.ts";

const YEAR_DAYS = 365;

/**
 * Returns the versions of a key in its first year: one after its creation, one more with each rotation, and half of these on average.
 * Clouds bill every version until it is destroyed, because old data needs it.
 *
 * @param rotationDays - days between two rotations; undefined for a key without rotation
 * @param most - highest number of versions that the cloud bills
 */
export function keyVersions(rotationDays: number | undefined, most = Infinity): CostRange {
  if (rotationDays === undefined) return { min: 1, expected: 1, max: 1 };
  const rotations = Math.floor((YEAR_DAYS - 1) / rotationDays);
  const max = Math.min(most, 1 + rotations);
  return { min: 1, expected: Math.min(max, 1 + rotations / 2), max };
}
