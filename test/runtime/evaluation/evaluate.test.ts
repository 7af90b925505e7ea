import { describe, expect, it } from "vitest";
import { evaluationSchema, type Evaluation } from "../../../runtime/contract/evaluation.ts";
import type { ModelDefinition } from "../../../runtime/contract/model-definition.ts";
import { evaluate, type ComparedWith } from "../../../runtime/evaluation/evaluate.ts";
import { seeded } from "../profile/seeded.ts";
import { featureRows } from "./scored-rows.ts";

const random = seeded(21);
const ROWS = 600;
const labels = Array.from({ length: ROWS }, () => Number(random() < 0.3));
/** Scores that know the label the better, the more weight it has. */
const knowing = (weight: number): number[] => labels.map((label) => weight * label + (1 - weight) * random());
const good = knowing(0.25);
const alike = good.map((score) => Math.min(1, score + 0.001 * random()));
const better = knowing(0.4);
const test = featureRows({
  labels,
  segments: { carrier: labels.map((_, row) => (row % 10 === 0 ? "small" : "large")) },
});
const train = featureRows({ labels: [0, 0, 0, 1] });
const REFERENCE = `w/m/model@sha256:${"1".repeat(64)}`;

function judged(
  scores: readonly number[],
  compared: ComparedWith = {},
  changes: Partial<Pick<ModelDefinition, "threshold">> & Partial<ModelDefinition["gate"]> = {},
): Evaluation {
  const { threshold = 0.5, ...gate } = changes;
  const model = { name: "m", threshold, gate: { checks: [{ metric: "auc", min: 0.5 }], ...gate } };
  const subject = { candidate: "c", features: "f" };
  return evaluate({ schemaVersion: 1, workload: "w", model }, test, scores, subject, compared);
}

describe("a model", () => {
  it("that is better than the baseline by more than chance passes", () => {
    const { gate, baselines } = judged(good, { train });
    expect(gate).toMatchObject({ verdict: "passed", reason: "all 2 checks passed" });
    expect(gate.checks[1]).toMatchObject({
      name: 'auc against the baseline "share of positive training rows"',
      rule: "must be better than 0.5 by more than chance",
      passed: true,
    });
    expect(baselines).toMatchObject([{ metrics: { auc: 0.5 }, scores: [0.25] }]);
  });

  it("that knows nothing is refused whatever its number", () => {
    const { gate } = judged(
      labels.map(() => random()),
      { train },
      { checks: [{ metric: "auc", min: 0 }] },
    );
    expect(gate.verdict).toBe("refused");
    expect(gate.reason).toMatch(
      /^auc against the baseline "share of positive training rows" must be better than 0.5 by more than chance, got 0\.\d+ \((better|worse) by [\d.]+; with 95 % confidence no more than [\d.]+ worse\)$/,
    );
  });
});

describe("the champion", () => {
  const rule = { notWorseThanChampion: { metric: "auc" } };
  const champion = (scores: number[]): ComparedWith => ({
    champion: { reference: REFERENCE, scores, threshold: 0.5 },
  });

  it("is not looked at unless the gate says so", () => {
    const evaluation = judged(good, champion(better));
    expect(evaluation.gate.verdict).toBe("passed");
    expect(evaluation.champion).toBeUndefined();
  });

  it("that is not there refuses nothing, and the gate says so", () => {
    expect(judged(good, {}, rule).gate).toMatchObject({
      verdict: "passed",
      reason: "all 2 checks passed; there is no champion to compare with",
    });
  });

  it("refuses a model that is worse", () => {
    const { gate, champion: outcome } = judged(good, champion(better), rule);
    expect(gate.reason).toMatch(
      /^auc against the champion must not be worse than 0\.\d+, got 0\.\d+ \(worse by 0\.\d+; with 95 % confidence no more than 0\.\d+ worse\)$/,
    );
    expect(outcome).toMatchObject({ reference: REFERENCE, comparisons: [{ metric: "auc", resamples: 999 }] });
  });

  it("lets a model pass that is better, and the same one", () => {
    expect(judged(better, champion(good), rule).gate.verdict).toBe("passed");
    expect(judged(good, champion(good), rule).gate).toMatchObject({
      verdict: "passed",
      checks: [{}, { note: "the same" }],
    });
  });

  it("refuses a model that is as good as it, by noise, unless a margin allows it", () => {
    const noisy = knowing(0.25);
    expect(judged(noisy, champion(alike), rule).gate.verdict).toBe("refused");
    const margin = { notWorseThanChampion: { metric: "auc", margin: 0.1 } };
    expect(judged(noisy, champion(alike), margin).gate.verdict).toBe("passed");
  });

  it("is compared by the values of a segment too, if they have enough rows", () => {
    const broken = better.map((score, row) => (row % 10 === 0 ? 1 - score : score));
    const by = { notWorseThanChampion: { metric: "auc", by: "carrier", minRows: 50 } };
    const { gate } = judged(broken, champion(better), by);
    expect(gate.reason).toMatch(/2 segments break their rule, the worst is auc of carrier small against the/);
    const few = { notWorseThanChampion: { metric: "auc", by: "carrier" } };
    expect(
      judged(broken, champion(better), few).champion!.comparisons.map(({ segment }) => segment?.value),
    ).toEqual([undefined, "large"]);
  });

  const gone: ComparedWith = {
    champion: { reference: REFERENCE, notComparable: "its feature x is not there" },
  };
  it("that is not comparable refuses the model, and says what a person may choose", () => {
    expect(judged(good, gone, rule).gate.reason).toBe(
      'auc against the champion must not be worse than the champion\'s, got none (the champion is not comparable: its feature x is not there; with ifNotComparable: "pass" the model passes without a comparison)',
    );
    const pass = { notWorseThanChampion: { metric: "auc", ifNotComparable: "pass" as const } };
    expect(judged(good, gone, pass).gate).toMatchObject({
      verdict: "passed",
      reason: "all 2 checks passed; the champion is not comparable: its feature x is not there",
    });
  });
});

describe("a threshold by a rule", () => {
  it("is chosen on one half of the test rows, and its metrics are those of the other", () => {
    const { threshold, confusion, metrics } = judged(better, { train }, { threshold: { recall: 0.9 } });
    expect(threshold).toMatchObject({ rule: { recall: 0.9 }, rows: { chosenOn: 300, judgedOn: 300 } });
    const { threshold: at, ...counts } = confusion!;
    expect(at).toBe(threshold!.value);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(300);
    expect(metrics["recall"]).toBeCloseTo(
      counts.truePositive / (counts.truePositive + counts.falseNegative),
      12,
    );
    expect(metrics["rows"]).toBe(600);
  });

  it("that no threshold reaches refuses the model", () => {
    const { gate } = judged(
      labels.map((_, row) => (row % 7) / 7),
      {},
      { threshold: { precision: 0.99 }, checks: [{ metric: "auc", min: 0 }] },
    );
    expect(gate.reason).toMatch(
      /^threshold must reach what its rule asks for, got none \(precision of 0.99: it is at most 0\.\d+\)$/,
    );
  });
});

describe("a gate by segments", () => {
  it("names what it does not judge, and why", () => {
    const by = { checks: [{ metric: "auc", min: 0.5, by: "carrier", minRows: 100 }] };
    expect(judged(good, {}, by).gate.reason).toBe(
      "all 1 checks passed; auc of 1 of 2 values of carrier is not judged, such as small has 60 of 100 rows",
    );
  });
});

describe("the data of plots", () => {
  it("is bounded, and its curves begin and end in the corners", () => {
    const { plots } = judged(good);
    const { roc, precisionRecall } = plots!;
    expect(roc!.truePositiveRate.length).toBeLessThanOrEqual(200);
    expect(precisionRecall!.recall.length).toBeLessThanOrEqual(200);
    expect(roc!.threshold.length).toBeGreaterThan(150);
    expect([roc!.falsePositiveRate[0], roc!.truePositiveRate[0], roc!.threshold[0]]).toEqual([0, 0, null]);
    expect([roc!.falsePositiveRate.at(-1), roc!.truePositiveRate.at(-1)]).toEqual([1, 1]);
    expect(precisionRecall!.recall.at(-1)).toBe(1);
  });
});

it("an evaluation without baselines, champion, threshold and plots is readable as before", () => {
  const { baselines, champion, threshold, plots, ...older } = judged(good, { train });
  expect([baselines, plots].every((each) => each !== undefined)).toBe(true);
  expect([champion, threshold]).toEqual([undefined, undefined]);
  expect(evaluationSchema.parse(JSON.parse(JSON.stringify(older)))).toEqual(older);
});
