import { expect, it } from "vitest";
import type { LearntTask } from "../../../runtime/contract/task.ts";
import { refuseScores } from "../../../runtime/evaluation/refuse-scores.ts";

const BINARY: LearntTask = { kind: "binary" };
const CLASSES: LearntTask = { kind: "multiclass", classes: ["a", "b", "c"] };

it.each<[string, LearntTask, number[], number, RegExp]>([
  [
    "a probability over 1",
    BINARY,
    [0.5, 1.2],
    2,
    /w\/m: scores must be probabilities from 0 to 1, got 1.2 for row 1/,
  ],
  ["a class below 0", CLASSES, [0.5, -1, 0.5], 1, /got -1 for row 0.*Softmax/],
  ["NaN", { kind: "regression" }, [1, NaN], 2, /must score every test row, got NaN for row 1/],
  ["too few classes", CLASSES, [0.5, 0.5], 1, /must give 3 scores for each of 1 test rows, got 2/],
])("refuses %s", (_, task, scores, rows, message) => {
  expect(() => refuseScores("w/m", task, scores, rows)).toThrow(message);
});

it("takes probabilities that float32 has rounded, and any number", () => {
  expect(() => refuseScores("w/m", BINARY, [1.000001, -0.000001], 2)).not.toThrow();
  expect(() => refuseScores("w/m", { kind: "regression" }, [-7e9], 1)).not.toThrow();
});
