import { RuntimeFault } from "../errors.ts";

/** Greatest distance of ONNX probabilities from the trainer's that is let through. */
export const PARITY_LIMIT = 1e-5;

/** The greatest distance over all rows. Throws where it is above the limit, or where a score is no number. */
export function checkParity(trainer: ArrayLike<number>, onnx: ArrayLike<number>): number {
  let worst = 0;
  let row = -1;
  let above = 0;
  for (let i = 0; i < trainer.length; i++) {
    const distance = Math.abs(trainer[i]! - (onnx[i] ?? NaN));
    const number = Number.isNaN(distance) ? Infinity : distance;
    if (number > PARITY_LIMIT) above++;
    if (number > worst) [worst, row] = [number, i];
  }
  if (above > 0)
    throw new RuntimeFault(
      "parity",
      500,
      `package: ONNX scores must be within ${PARITY_LIMIT} of the trainer's, got ${worst} at row ${row} and ${above} rows above of ${trainer.length}`,
    );
  return worst;
}
