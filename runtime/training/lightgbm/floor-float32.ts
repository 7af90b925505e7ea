/**
 * The greatest float32 that is at most `value`. For every float32 x, x <= value exactly when x <= floorFloat32(value): a
 * threshold cut this way moves no row to the other side, as rounding to the nearest float32 would.
 */
export function floorFloat32(value: number): number {
  const nearest = Math.fround(value);
  return nearest <= value ? nearest : below(nearest);
}

/** The next float32 towards minus infinity. */
function below(value: number): number {
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  if (value === 0) return -1.401298464324817e-45; // the smallest step below zero
  bits[0] = bits[0]! + (value > 0 ? -1 : 1); // neighbours in order of magnitude have neighbouring bit patterns
  return float[0]!;
}
