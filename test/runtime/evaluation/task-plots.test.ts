import { describe, expect, it } from "vitest";
import { taskPlots } from "../../../runtime/evaluation/plots/task-plots.ts";

describe("the data of plots", () => {
  it("of a regression has quantiles of residuals and ten bins of as many rows, by prediction", () => {
    const scores = Array.from({ length: 1000 }, (_, row) => (row * 7) % 1000);
    const labels = scores.map((score) => score + 1);
    const { residuals, predictedVersusObserved: bins } = taskPlots(
      { kind: "regression" },
      { labels, scores },
    )!;
    expect(new Set(residuals!.value)).toEqual(new Set([1]));
    expect(residuals!.quantile).toHaveLength(residuals!.value.length);
    expect(bins).toHaveLength(10);
    expect(bins![0]).toEqual({ low: 0, high: 99, rows: 100, predicted: 49.5, observed: 50.5 });
    expect(bins!.at(-1)).toMatchObject({ low: 900, high: 999 });
  });

  it("of few rows has fewer bins", () => {
    const { predictedVersusObserved: bins } = taskPlots(
      { kind: "regression" },
      { labels: [1, 2, 3], scores: [1, 2, 4] },
    )!;
    expect(bins!.map(({ rows }) => rows)).toEqual([1, 1, 1]);
  });

  it("of a ranking has the NDCG by places, and null without a relevant row", () => {
    const rows = { labels: [0, 1, 0, 0], scores: [4, 3, 2, 1], groups: ["a", "a", "a", "b"] };
    const { ndcgAt } = taskPlots({ kind: "ranking", group: "g" }, rows)!;
    expect(ndcgAt!.slice(0, 2)).toEqual([
      { places: 1, ndcg: 0 },
      { places: 3, ndcg: 1 / Math.log2(3) },
    ]);
    expect(
      taskPlots({ kind: "ranking", group: "g" }, { ...rows, labels: [0, 0, 0, 0] })!.ndcgAt![0]!.ndcg,
    ).toBeNull();
  });

  it("of several classes is the confusion matrix, which is there already", () => {
    expect(
      taskPlots({ kind: "multiclass", classes: ["a", "b"] }, { labels: [0], scores: [1, 0] }),
    ).toBeUndefined();
  });
});
