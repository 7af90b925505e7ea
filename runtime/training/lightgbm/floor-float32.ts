/**
 * Returns the greatest float32 that is at most `value`. For every float32 x, x <= value exactly if x <= floorFloat32(value). So a
 * threshold that is cut this way keeps every row on its side; rounding to the nearest float32 would not.
 */
export function floorFloat32(value: number): number {
  const nearest = Math.fround(value);
  return nearest <= value ? nearest : below(nearest);
}

/** Returns the next float32 towards minus infinity. */
function below(value: number): number {
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  if (value === 0) return -1.401298464324817e-45; // the smallest step below zero
  bits[0] = bits[0]! + (value > 0 ? -1 : 1); // neighbours in order of magnitude have neighbouring bit patterns
  return float[0]!;
}
