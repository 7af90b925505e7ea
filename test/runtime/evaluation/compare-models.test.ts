import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metricNames } from "../../../runtime/contract/task-metrics.ts";
import type { LearntTask } from "../../../runtime/contract/task.ts";
import { resamplesFor } from "../../../runtime/evaluation/bootstrap/paired-bootstrap.ts";
import { compareModels } from "../../../runtime/evaluation/compare-models.ts";
import { selectRows } from "../../../runtime/evaluation/select-rows.ts";
import { seeded } from "../profile/seeded.ts";

const BINARY: LearntTask = { kind: "binary" };
const REGRESSION: LearntTask = { kind: "regression" };
const RANKING: LearntTask = { kind: "ranking", group: "g" };
const CLASSES: LearntTask = { kind: "multiclass", classes: ["a", "b", "c"] };

const ROWS = 60;
const list = (length: number, each: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.array(each, { minLength: length, maxLength: length });
const score = fc.integer({ min: 1, max: 19 }).map((value) => value / 20);
/** Both outcomes are there. */
const labels = list(ROWS - 2, fc.integer({ min: 0, max: 1 })).map((each) => [0, 1, ...each]);
const groups = Array.from({ length: ROWS }, (_, row) => `g${row % 12}`);

/** Labels that follow from nothing, and two models that know as much as each other, each with its own noise. */
function equalModels(seed: number, rows: number): { labels: number[]; a: number[]; b: number[] } {
  const random = seeded(seed);
  const truth = Array.from({ length: rows }, () => Number(random() < 0.3));
  const noisy = (label: number): number => 0.35 * label + 0.65 * random();
  return { labels: truth, a: truth.map(noisy), b: truth.map(noisy) };
}

describe("a model against itself", () => {
  it.each<[LearntTask, number]>([
    [BINARY, 1],
    [REGRESSION, 1],
    [RANKING, 1],
    [CLASSES, 3],
  ])("is the same by every metric of %j", (task, outputs) => {
    fc.assert(
      fc.property(labels, list(ROWS * outputs, score), (truth, scores) => {
        for (const metric of metricNames(task.kind)) {
          const model = { scores, threshold: 0.5 };
          const rows = { labels: truth, groups: task.kind === "ranking" ? groups : undefined };
          const { gain, lower } = compareModels(task, metric, rows, model, model, { resamples: 49 });
          expect([0, null]).toContain(gain);
          expect([0, null]).toContain(lower);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("a comparison of two models", () => {
  it("does not depend on the order of the rows", () => {
    const all = Array.from({ length: ROWS }, (_, row) => row);
    fc.assert(
      fc.property(
        labels,
        list(ROWS, score),
        list(ROWS, score),
        fc.shuffledSubarray(all, { minLength: ROWS }),
        fc.constantFrom<[LearntTask, string]>([BINARY, "auc"], [REGRESSION, "rmse"], [RANKING, "ndcg"]),
        (truth, a, b, order, [task, metric]) => {
          const compare = (rows: readonly number[]): unknown => {
            const part = (scores: number[]): ArrayLike<number> =>
              selectRows(task, { labels: truth, scores }, rows).scores;
            const own = selectRows(task, { labels: truth, scores: a, groups }, rows);
            return compareModels(
              task,
              metric,
              { labels: own.labels, groups: task.kind === "ranking" ? own.groups : undefined },
              { scores: part(a), threshold: 0.5 },
              { scores: part(b), threshold: 0.5 },
              { resamples: 99 },
            );
          };
          expect(compare(order)).toEqual(compare(all));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("has opposite gains in both directions", () => {
    const { labels: truth, a, b } = equalModels(3, 400);
    const [model, other] = [a, b].map((scores) => ({ scores, threshold: 0.5 })) as [Model, Model];
    for (const metric of ["auc", "brier"]) {
      const forth = compareModels(BINARY, metric, { labels: truth }, model, other);
      const back = compareModels(BINARY, metric, { labels: truth }, other, model);
      expect(forth.gain).toBeCloseTo(-back.gain!, 12);
      expect(forth.lower).toBeLessThan(forth.gain!);
      // Both limits cannot lie above 0.
      expect(Math.min(forth.lower!, back.lower!)).toBeLessThan(0);
    }
  });
  interface Model {
    scores: number[];
    threshold: number;
  }

  it("finds a model that is better, and never one that is worse", () => {
    const random = seeded(11);
    const truth = Array.from({ length: 500 }, () => Number(random() < 0.4));
    const good = truth.map((label) => 0.6 * label + 0.4 * random());
    const bad = truth.map((label) => 0.1 * label + 0.9 * random());
    const compare = (a: number[], b: number[]): number =>
      compareModels(
        BINARY,
        "auc",
        { labels: truth },
        { scores: a, threshold: 0.5 },
        { scores: b, threshold: 0.5 },
      ).lower!;
    expect(compare(good, bad)).toBeGreaterThan(0.2);
    expect(compare(bad, good)).toBeLessThan(-0.2);
  });

  it("takes noise for a better model in about 5 of 100 cases", () => {
    let promoted = 0;
    const cases = 200;
    for (let seed = 0; seed < cases; seed++) {
      const { labels: truth, a, b } = equalModels(1000 + seed, 150);
      const rows = { labels: truth };
      const options = { resamples: 199 };
      const compared = compareModels(
        BINARY,
        "auc",
        rows,
        { scores: a, threshold: 0.5 },
        { scores: b, threshold: 0.5 },
        options,
      );
      if (compared.lower! > 0) promoted++;
    }
    // Binomial(200, 0.05): 3 to 19 in more than 99.9 % of cases. Without the bootstrap half of them would pass.
    expect(promoted).toBeGreaterThanOrEqual(2);
    expect(promoted).toBeLessThanOrEqual(20);
  });

  it("draws fewer resamples of very many rows, and always so that 5 % of them are a whole number", () => {
    for (const rows of [10, 500_000, 500_001, 20_000_000])
      expect(((resamplesFor(rows) + 1) * 0.05) % 1).toBeCloseTo(0, 9);
    expect(resamplesFor(200_000)).toBe(999);
    expect(resamplesFor(20_000_000)).toBe(199);
  });
});
