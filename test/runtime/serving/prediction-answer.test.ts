import { expect, it } from "vitest";
import type { LearntTask } from "../../../runtime/contract/task.ts";
import { predictionAnswer } from "../../../runtime/serving/prediction-answer.ts";

it.each<[LearntTask | undefined, number[], number, object]>([
  [undefined, [0.2, 0.5], 1, { probability: 0.5, decision: true }],
  [{ kind: "binary", positive: "yes" }, [0.2, 0.5], 0, { probability: 0.2, decision: false }],
  [
    { kind: "multiclass", classes: ["old", "sport", "family"] },
    [0.2, 0.3, 0.5, 0.6, 0.3, 0.1],
    1,
    { class: "old", probabilities: { old: 0.6, sport: 0.3, family: 0.1 } },
  ],
  [{ kind: "regression", unit: "EUR" }, [12_500.5], 0, { value: 12_500.5, unit: "EUR" }],
  [{ kind: "regression", of: "count" }, [1.5], 0, { value: 1.5 }],
  [{ kind: "ranking", group: "search" }, [-0.25], 0, { score: -0.25 }],
])("the answer for a row of %j is in the task's own words", (task, scores, row, answer) => {
  expect(predictionAnswer({ task, threshold: 0.5 }, scores, row)).toEqual(answer);
});
