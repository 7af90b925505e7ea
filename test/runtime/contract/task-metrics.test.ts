import { describe, expect, it } from "vitest";
import { mainMetric, shownMetric } from "../../../runtime/contract/task-metrics.ts";
import type { LearntTask } from "../../../runtime/contract/task.ts";

describe("the main metric of a task", () => {
  it.each<[LearntTask, string]>([
    [{ kind: "binary" }, "auc"],
    [{ kind: "multiclass", classes: ["a", "b"] }, "macroF1"],
    [{ kind: "regression" }, "rmse"],
    [{ kind: "regression", of: "count" }, "rmse"],
    [{ kind: "regression", of: "median" }, "mae"],
    [{ kind: "regression", of: { quantile: 0.9 } }, "pinballLoss"],
    [{ kind: "ranking", group: "g" }, "ndcg"],
  ])("of %j is %s, which is best for what it predicts", (task, metric) => {
    expect(mainMetric(task)).toBe(metric);
  });

  it("is shown with the best of the baselines", () => {
    const baselines = [{ metrics: { rmse: 5 } }, { metrics: { rmse: 3 } }, { metrics: { rmse: null } }];
    const task: LearntTask = { kind: "regression" };
    expect(shownMetric({ task, metrics: { rmse: 2 }, baselines })).toEqual({
      name: "rmse",
      value: 2,
      baseline: 3,
    });
    expect(shownMetric({ metrics: { auc: 0.9 } })).toEqual({ name: "auc", value: 0.9 });
  });
});
