import type { LearntTask } from "../../contract/task.ts";

/** Returns LightGBM's objective for a task, with the parameters that belong to it. */
export function objectiveOf(task: LearntTask): Record<string, string | number> {
  switch (task.kind) {
    case "binary":
      return { objective: "binary" };
    case "multiclass":
      return { objective: "multiclass", num_class: task.classes.length };
    case "ranking":
      return { objective: "lambdarank" };
    case "regression": {
      const { of = "mean" } = task;
      if (typeof of === "object") return { objective: "quantile", alpha: of.quantile };
      return { objective: { mean: "regression", median: "regression_l1", count: "poisson" }[of] };
    }
  }
}
