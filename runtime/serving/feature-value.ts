import { BadInput } from "../errors.ts";
import { excerpt } from "./json-value.ts";

/** LightGBM reads a value this close to zero as zero; the ONNX model compares the value itself. */
const ZERO_THRESHOLD = 1e-35;

/** Values that a numeric feature can have, as float32. */
export interface ValueRange {
  min: number;
  max: number;
}

/**
 * Returns a number as the model reads it; null, and a number outside of `range`, is a missing value (NaN). Throws BadInput for
 * a number that does not fit a float32: it would become infinite, and score as such. `owner` is called only then.
 */
export function toFeatureValue(value: unknown, { min, max }: ValueRange, owner: () => string): number {
  if (value === null) return NaN;
  const float = typeof value === "number" ? Math.fround(value) : NaN;
  if (!Number.isFinite(float))
    throw new BadInput(
      `${owner()} must be a number of at most 3.4e38, or null where it is missing, got ${typeof value === "number" ? value : typeof value}`,
    );
  return float >= min && float <= max ? flushToZero(value as number) : NaN;
}

export function flushToZero(value: number): number {
  return Math.abs(value) <= ZERO_THRESHOLD ? 0 : value;
}

/**
 * Returns a category's code as the model reads it; null, and a code that no category has, is a missing value (NaN). Throws
 * BadInput for a number that is not whole (the trainer would cut it to a code, the ONNX model would compare it as it is) and
 * for one that does not fit a float32.
 */
export function toCategoryCode(value: unknown, categories: number, owner: () => string): number {
  if (value === null) return NaN;
  if (!Number.isInteger(value) || !Number.isFinite(Math.fround(value as number)))
    throw new BadInput(
      `${owner()} must be the code of a category, a whole number below ${categories}, or null, got ${excerpt(value)}`,
    );
  const code = value as number;
  return code >= 0 && code < categories ? code : NaN;
}
