import type { LearntTask } from "../../runtime/contract/task.ts";

/** Returns the best scores that are the same for every row, by the training labels. */
export function constantScores(task: LearntTask, labels: ArrayLike<number>): number[] {
  const all = Array.from(labels);
  const mean = all.reduce((sum, label) => sum + label, 0) / all.length;
  switch (task.kind) {
    case "binary":
    case "ranking":
      return [mean];
    case "multiclass":
      return task.classes.map((_, code) => all.filter((label) => label === code).length / all.length);
    case "regression": {
      const { of = "mean" } = task;
      if (of === "mean" || of === "count") return [mean];
      const sorted = all.sort((a, b) => a - b);
      return [sorted[Math.floor((of === "median" ? 0.5 : of.quantile) * (sorted.length - 1))]!];
    }
  }
}
