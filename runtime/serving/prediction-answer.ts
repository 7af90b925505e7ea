import type { ModelCard } from "../contract/model-card.ts";
import { BINARY, likeliestClass } from "../contract/task.ts";

/** The answer for one row in the words of the model's task. */
export type PredictionAnswer =
  | { probability: number; decision: boolean }
  | { class: string; probabilities: Record<string, number> }
  | { value: number; unit?: string }
  | { score: number };

/**
 * Returns the answer for a row: a probability and whether it reaches the threshold; the likeliest class and the probability of each; a
 * number with its unit; the score by which rows of a group are ranked, greatest first.
 *
 * @param scores - row-major, as many for a row as the card's output has columns
 */
export function predictionAnswer(
  { task = BINARY, threshold }: Pick<ModelCard, "task" | "threshold">,
  scores: ArrayLike<number>,
  row: number,
): PredictionAnswer {
  switch (task.kind) {
    case "binary": {
      const probability = scores[row] ?? NaN;
      return { probability, decision: probability >= threshold };
    }
    case "multiclass": {
      const { classes } = task;
      const start = row * classes.length;
      const probabilities = Object.fromEntries(
        classes.map((name, code) => [name, scores[start + code] ?? NaN]),
      );
      return { class: classes[likeliestClass(scores, start, classes.length)] ?? "", probabilities };
    }
    case "regression":
      return { value: scores[row] ?? NaN, ...(task.unit === undefined ? {} : { unit: task.unit }) };
    case "ranking":
      return { score: scores[row] ?? NaN };
  }
}
