import { z } from "zod";
import { outputsOf, type LearntTask } from "../../contract/task.ts";
import { BadInput } from "../../errors.ts";

const scoresSchema = z.union([z.array(z.number()), z.array(z.array(z.number()))]);

/**
 * Parses `scores.json` to the scores of `rows` rows, row-major. Takes one number for each row, or a list; of two classes also the
 * probabilities of both. Throws BadInput with the rule and the value.
 */
export function parseTrainerScores(text: string, task: LearntTask, rows: number): Float64Array {
  const outputs = outputsOf(task);
  const parsed = scoresSchema.safeParse(parseJson(text));
  if (!parsed.success)
    throw new BadInput(
      "train.py: out/scores.json must be a list with one number, or one list of numbers, for each row of in/check.parquet",
    );
  if (parsed.data.length !== rows)
    throw new BadInput(
      `train.py: out/scores.json must have the scores of the ${rows} rows of in/check.parquet, has ${parsed.data.length}`,
    );
  const scores = new Float64Array(rows * outputs);
  parsed.data.forEach((value, row) => {
    const list = typeof value === "number" ? [value] : value;
    const own = task.kind === "binary" && list.length === 2 ? list.slice(1) : list;
    if (own.length !== outputs)
      throw new BadInput(
        `train.py: out/scores.json must have ${outputs} ${outputs === 1 ? "number" : "numbers"} for each row, has ${list.length} at row ${row}`,
      );
    scores.set(own, row * outputs);
  });
  return scores;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/\b(NaN|Infinity)\b/.test(text))
      throw new BadInput(
        "train.py: out/scores.json must have finite numbers, has NaN or Infinity: the model diverged, or a missing value reached it; fill missing values before the model",
      );
    throw new BadInput("train.py: out/scores.json must be JSON");
  }
}

/** Throws BadInput for scores that are not of the task: not finite, no probabilities, or classes that do not add up to 1. */
export function checkScores(scores: ArrayLike<number>, task: LearntTask): void {
  const outputs = outputsOf(task);
  const probabilities = task.kind === "binary" || task.kind === "multiclass";
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    const row = Math.floor(i / outputs);
    if (!Number.isFinite(score))
      throw new BadInput(
        `model.onnx: its scores must be finite numbers, got ${score} at row ${row} of in/check.parquet; fill missing values in the model`,
      );
    if (probabilities && (score < -PROBABILITY_SLACK || score > 1 + PROBABILITY_SLACK))
      throw new BadInput(
        `model.onnx: its scores must be probabilities from 0 to 1, got ${score} at row ${row} of in/check.parquet; ` +
          `add ${task.kind === "binary" ? "a sigmoid" : "a softmax"} before the export`,
      );
  }
  if (task.kind !== "multiclass") return;
  for (let row = 0; row < scores.length / outputs; row++) {
    let sum = 0;
    for (let code = 0; code < outputs; code++) sum += scores[row * outputs + code]!;
    if (Math.abs(sum - 1) > SUM_SLACK)
      throw new BadInput(
        `model.onnx: the probabilities of a row must add up to 1, got ${sum} at row ${row} of in/check.parquet; add a softmax before the export`,
      );
  }
}

const PROBABILITY_SLACK = 1e-6;
const SUM_SLACK = 1e-3;
