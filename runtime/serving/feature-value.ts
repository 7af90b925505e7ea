import { BadInput } from "../errors.ts";
import { excerpt } from "./json-value.ts";

/** LightGBM takes a value as close to zero as this for zero; the ONNX model compares it as it is. */
const ZERO_THRESHOLD = 1e-35;

/**
 * Returns a number as the model reads it; null is a missing value (NaN). Throws BadInput for what does not fit a float32: it
 * would become infinite, and score as if it were. `owner` is asked only then.
 */
export function toFeatureValue(value: unknown, owner: () => string): number {
  if (value === null) return NaN;
  if (typeof value === "number" && Number.isFinite(Math.fround(value))) return flushToZero(value);
  throw new BadInput(
    `${owner()} must be a number of at most 3.4e38, or null where it is missing, got ${typeof value === "number" ? value : typeof value}`,
  );
}

export function flushToZero(value: number): number {
  return Math.abs(value) <= ZERO_THRESHOLD ? 0 : value;
}

/**
 * Returns a category's code as the model reads it; null, and a code that no category has, is a missing value (NaN). Throws
 * BadInput for a number that is not whole: the trainer would cut it to a code, the ONNX model would compare it as it is.
 */
export function toCategoryCode(value: unknown, categories: number, owner: () => string): number {
  if (value === null) return NaN;
  if (!Number.isInteger(value))
    throw new BadInput(
      `${owner()} must be the code of a category, a whole number below ${categories}, or null, got ${excerpt(value)}`,
    );
  const code = value as number;
  return code >= 0 && code < categories ? code : NaN;
}
