import { describe, expect, it } from "vitest";
import { judge } from "../../../runtime/evaluation/gate.ts";
import type { Segment } from "../../../runtime/evaluation/segments.ts";

const rule = { minAuc: 0.8, segments: [{ column: "carrier", minRows: 500, minAuc: 0.75 }] };
const carrier = (value: string, auc: number | null, rows = 1000): Segment => ({
  column: "carrier",
  value,
  rows,
  prevalence: 0.2,
  auc,
});

describe("the gate", () => {
  it("passes a model that meets every floor exactly", () => {
    const gate = judge(rule, 0.8, [carrier("UA", 0.75)]);
    expect(gate).toMatchObject({ verdict: "passed", reason: "all 2 checks passed" });
    expect(gate.checks).toEqual([
      { name: "auc", rule: "must be at least 0.8", value: 0.8, passed: true },
      { name: "auc of carrier UA", rule: "must be at least 0.75", value: 0.75, passed: true },
    ]);
  });

  it("refuses below the floor and cuts the value, so that it never reads as the floor", () => {
    expect(judge(rule, 0.79996, [])).toMatchObject({
      verdict: "refused",
      reason: "auc must be at least 0.8, got 0.7999",
    });
  });

  it("says the floor as it was written", () => {
    expect(judge({ minAuc: 0.999, segments: [] }, 0.97094, []).reason).toBe(
      "auc must be at least 0.999, got 0.9709",
    );
  });

  it("refuses a good model with one bad segment, and names the worst", () => {
    const gate = judge(rule, 0.9, [carrier("UA", 0.7), carrier("AA", 0.6), carrier("DL", 0.9)]);
    expect(gate.verdict).toBe("refused");
    expect(gate.reason).toBe(
      "2 of 3 segments are below their floor, the lowest is auc of carrier AA: must be at least 0.75, got 0.6000",
    );
  });

  it("says both where both fail", () => {
    expect(judge(rule, 0.5, [carrier("UA", 0.7)]).reason).toBe(
      "auc must be at least 0.8, got 0.5000; 1 of 1 segments are below their floor, the lowest is auc of carrier UA: must be at least 0.75, got 0.7000",
    );
  });

  it.each([
    ["too few rows", carrier("OO", 0.1, 499)],
    ["one class only", carrier("OO", null)],
    ["another column", { ...carrier("x", 0.1), column: "origin" }],
  ])("does not judge a segment with %s", (_, segment) => {
    expect(judge(rule, 0.9, [segment]).checks).toHaveLength(1);
  });

  it("refuses a model without an AUC", () => {
    expect(judge(rule, null, [])).toMatchObject({
      verdict: "refused",
      reason: "auc must be at least 0.8, got none",
    });
  });
});
