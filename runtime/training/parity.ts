import { scoreDistance, SCORE_TOLERANCE } from "../contract/model-card.ts";
import { RuntimeFault } from "../errors.ts";

/**
 * Returns the greatest difference over all scores; of a score beyond 1 it counts as a share of the score. Throws if it is above
 * SCORE_TOLERANCE or if a score is not a number.
 */
export function checkParity(trainer: ArrayLike<number>, onnx: ArrayLike<number>): number {
  let worst = 0;
  let row = -1;
  let above = 0;
  for (let i = 0; i < trainer.length; i++) {
    const distance = scoreDistance(trainer[i]!, onnx[i] ?? NaN);
    const number = Number.isNaN(distance) ? Infinity : distance;
    if (number > SCORE_TOLERANCE) above++;
    if (number > worst) [worst, row] = [number, i];
  }
  if (above > 0)
    throw new RuntimeFault(
      "parity",
      500,
      `package: ONNX scores must be within ${SCORE_TOLERANCE} of the trainer's, got ${worst} at row ${row} and ${above} rows above of ${trainer.length}`,
    );
  return worst;
}
