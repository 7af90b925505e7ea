import { outputsOf, type LearntTask } from "../contract/task.ts";
import { BadInput } from "../errors.ts";

/** float32 probabilities may be that far outside of 0 to 1. */
const ROUNDING = 1e-5;

/**
 * Throws BadInput if the scores of the test rows are not those of the task: another number for each row, NaN, or probabilities outside
 * of 0 to 1. A file from elsewhere was tried on made-up rows alone.
 */
export function refuseScores(owner: string, task: LearntTask, scores: ArrayLike<number>, rows: number): void {
  const outputs = outputsOf(task);
  if (scores.length !== rows * outputs)
    throw new BadInput(
      `${owner}: model.onnx must give ${outputs} scores for each of ${rows} test rows, got ${scores.length}; export it for the classes of the definition`,
    );
  const isProbability = task.kind === "binary" || task.kind === "multiclass";
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    const row = Math.floor(i / outputs);
    if (!Number.isFinite(score))
      throw new BadInput(
        `${owner}: model.onnx must score every test row, got ${score} for row ${row}; train it with missing values, or give its features a default`,
      );
    if (isProbability && (score < -ROUNDING || score > 1 + ROUNDING))
      throw new BadInput(
        `${owner}: scores must be probabilities from 0 to 1, got ${score} for row ${row}; end the model with a ${task.kind === "binary" ? "Sigmoid" : "Softmax"} and export it again`,
      );
  }
}
