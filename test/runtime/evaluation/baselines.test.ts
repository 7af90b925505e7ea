import { describe, expect, it } from "vitest";
import type { LearntTask } from "../../../runtime/contract/task.ts";
import { baselines, constantScores } from "../../../runtime/evaluation/baselines.ts";
import { seeded } from "../profile/seeded.ts";
import { featureRows } from "./scored-rows.ts";

describe("the scores of a baseline that are the same for every row", () => {
  it.each<[LearntTask, number[], string, number[]]>([
    [{ kind: "binary" }, [1, 0, 0, 0], "share of positive training rows", [0.25]],
    [
      { kind: "multiclass", classes: ["a", "b", "c"] },
      [0, 0, 2, 0],
      "class shares of the training rows",
      [0.75, 0, 0.25],
    ],
    [{ kind: "regression" }, [1, 2, 9], "mean of the training rows", [4]],
    [{ kind: "regression", of: "count" }, [0, 1, 2], "mean of the training rows", [1]],
    [{ kind: "regression", of: "median" }, [9, 1, 2], "median of the training rows", [2]],
    [
      { kind: "regression", of: { quantile: 0.9 } },
      [0, 10, 20, 30, 40],
      "quantile 0.9 of the training rows",
      [36],
    ],
    [{ kind: "ranking", group: "g" }, [0, 3], "no order", [0]],
  ])("of %j and labels %j are the %s: %j", (task, labels, name, constant) => {
    expect(constantScores(task, labels)).toEqual({ name, constant });
  });
});

describe("baselines", () => {
  it("have an AUC of one half, and are beaten by a model that knows something alone", () => {
    const random = seeded(5);
    const labels = Array.from({ length: 300 }, () => Number(random() < 0.3));
    const [test, train] = [featureRows({ labels }), featureRows({ labels: [0, 0, 0, 1] })];
    const lowerOf = (scores: number[]): number => {
      const [baseline] = baselines({ kind: "binary" }, train, test, { labels, scores }, 0.5);
      expect(baseline).toMatchObject({
        scores: [0.25],
        metrics: { auc: 0.5 },
        comparison: { metric: "auc" },
      });
      return baseline!.comparison.lower!;
    };
    expect(lowerOf(labels.map((label) => 0.5 * label + 0.5 * random()))).toBeGreaterThan(0);
    expect(lowerOf(labels.map(() => random()))).toBeLessThan(0);
    expect(lowerOf(labels.map((label) => 1 - 0.5 * label - 0.5 * random()))).toBeLessThan(0);
  });

  const hour = (hours: number[]): Float64Array => Float64Array.from(hours, (each) => each * 3_600_000);
  const views = [{ name: "v", entity: ["shop", "item"], ttlSeconds: null, features: ["x"] }];
  const train = featureRows({
    labels: [5, 7, 100, 8],
    task: { kind: "regression" },
    views,
    predictAtMs: hour([1, 2, 2, 3]),
    entities: { shop: ["a", "a", "b", "a"], item: ["1", "1", "1", "2"] },
  });
  const test = featureRows({
    labels: [7, 90, 8, 1],
    task: { kind: "regression" },
    views,
    predictAtMs: hour([3, 4, 2, 9]),
    entities: { shop: ["a", "b", "a", null], item: ["1", "1", "1", "1"] },
  });
  const of = (task: LearntTask, rows = test): string[] =>
    baselines(task, train, rows, { labels: rows.labels, scores: rows.labels }, 0.5).map(({ name }) => name);

  it("follow each entity to its last value in the training rows, where rows have times", () => {
    const [, last] = baselines(
      { kind: "regression" },
      train,
      test,
      { labels: test.labels, scores: test.labels },
      0.5,
    );
    // 7, 100, and 5: the label of the same hour is not yet known; the mean, 30, for a key that is not known.
    expect(last).toMatchObject({ name: "last value by shop, item", metrics: { mae: (0 + 10 + 3 + 29) / 4 } });
    expect(last!.scores).toBeUndefined();
  });

  it.each<[string, LearntTask, typeof test]>([
    ["a quantile", { kind: "regression", of: { quantile: 0.9 } }, test],
    ["rows without times", { kind: "regression" }, { ...test, predictAtMs: hour([0, 0, 0, 0]) }],
    [
      "keys that are mostly new",
      { kind: "regression" },
      { ...test, entities: { shop: ["x", "x", "x", "a"], item: ["1", "1", "1", "1"] } },
    ],
  ])("follow nothing of %s", (_, task, rows) => {
    expect(of(task, rows)).toHaveLength(1);
  });
});
