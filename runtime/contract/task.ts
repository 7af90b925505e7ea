import { z } from "zod";

const binary = z.strictObject({
  kind: z.literal("binary"),
  /** Value of the label that counts as yes, such as `"repaid"`. @default - the label is 0, 1 or a BOOLEAN */
  positive: z.union([z.string(), z.number(), z.boolean()]).optional(),
});
const multiclass = z.strictObject({
  kind: z.literal("multiclass"),
  /** Values of the label; another one is refused. @default - those of the training rows, sorted */
  classes: z.array(z.string()).min(2).readonly().optional(),
});
const regression = z.strictObject({
  kind: z.literal("regression"),
  /** What is predicted: the mean, the median, a quantile, or the mean of a count. @default "mean" */
  of: z
    .union([z.enum(["mean", "median", "count"]), z.strictObject({ quantile: z.number().gt(0).lt(1) })])
    .optional(),
  /** Unit of the label, for people, such as `EUR`. */
  unit: z.string().optional(),
});
const ranking = z.strictObject({
  kind: z.literal("ranking"),
  /** Column of the rows whose rows are ranked together, such as a search. The label says how relevant a row is, from 0 on. */
  group: z.string(),
});

/** What a model predicts. */
export const taskSchema = z.discriminatedUnion("kind", [binary, multiclass, regression, ranking]);
export type Task = z.infer<typeof taskSchema>;
export type TaskKind = Task["kind"];

/** A task with what the training rows say of it: the classes, by their codes 0, 1, 2, … in labels and scores. */
export const learntTaskSchema = z.discriminatedUnion("kind", [
  binary,
  multiclass.extend({ classes: z.array(z.string()).min(2).readonly() }),
  regression,
  ranking,
]);
export type LearntTask = z.infer<typeof learntTaskSchema>;

/** Returns the number of scores of a row. */
export function outputsOf(task: LearntTask): number {
  return task.kind === "multiclass" ? task.classes.length : 1;
}

/** Returns the code of the class with the greatest of `classes` probabilities from `start` on; the first one if several are equal. */
export function likeliestClass(probabilities: ArrayLike<number>, start: number, classes: number): number {
  let best = 0;
  for (let code = 1; code < classes; code++)
    if (probabilities[start + code]! > probabilities[start + best]!) best = code;
  return best;
}

/** Returns one number for each row that stands for its scores, whose distribution is watched: the code of the likeliest class, or the score. */
export function watchedScores(task: LearntTask, scores: ArrayLike<number>): Float64Array {
  const outputs = outputsOf(task);
  return Float64Array.from({ length: scores.length / outputs }, (_, row) =>
    outputs === 1 ? scores[row]! : likeliestClass(scores, row * outputs, outputs),
  );
}

/** The task of models and feature tables that do not name one. */
export const BINARY: LearntTask = { kind: "binary" };
