/** Minimum, expected value and maximum of a quantity or of an amount in USD. */
export interface CostRange {
  min: number;
  expected: number;
  max: number;
}

export const ZERO: CostRange = { min: 0, expected: 0, max: 0 };

/** Returns a range whose three values are equal. */
export function always(value: number): CostRange {
  return { min: value, expected: value, max: value };
}

export function add(a: CostRange, b: CostRange): CostRange {
  return { min: a.min + b.min, expected: a.expected + b.expected, max: a.max + b.max };
}

export function times(range: CostRange, factor: number): CostRange {
  return { min: range.min * factor, expected: range.expected * factor, max: range.max * factor };
}

/** Rounds to whole cents, half away from zero. Never returns -0. Returns 1.01 for 1.005, although its double is slightly less. */
export function toCents(usd: number): number {
  const cents = Math.round((Math.abs(usd) + 1e-9) * 100);
  return cents === 0 ? 0 : (Math.sign(usd) * cents) / 100;
}

export function rangeToCents({ min, expected, max }: CostRange): CostRange {
  return { min: toCents(min), expected: toCents(expected), max: toCents(max) };
}
