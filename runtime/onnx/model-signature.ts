import type { LearntTask } from "../contract/task.ts";

/** Name of the only input of every model: float32 [rows, features], missing = NaN. */
export const ONNX_INPUT = "features";

/** Names of the only output of a model, float32 [rows, columns], by what it holds. */
export const ONNX_OUTPUTS = {
  /** [rows, 1]: the probability of label 1. */
  binary: "probability",
  /** [rows, classes]: the probability of each class. */
  classes: "probabilities",
  /** [rows, 1]: a number, or the place in a ranking. */
  number: "prediction",
} as const;

/** Returns the name of the output of a model of a task. */
export function outputName({ kind }: LearntTask): string {
  return ONNX_OUTPUTS[kind === "binary" ? "binary" : kind === "multiclass" ? "classes" : "number"];
}
