import { describe, expect, it } from "vitest";
import type { Segment } from "../../../runtime/contract/evaluation.ts";
import type { GateRule } from "../../../runtime/contract/model-definition.ts";
import { judge } from "../../../runtime/evaluation/gate.ts";

const rule: GateRule = {
  checks: [
    { metric: "auc", min: 0.8 },
    { metric: "auc", min: 0.75, by: "carrier", minRows: 500 },
  ],
};
const carrier = (value: string, auc: number | null, rows = 1000): Segment => ({
  column: "carrier",
  value,
  rows,
  metrics: { auc },
});

describe("the gate", () => {
  it("passes a model that meets every limit exactly", () => {
    const gate = judge(rule, { auc: 0.8 }, [carrier("UA", 0.75)]);
    expect(gate).toMatchObject({ verdict: "passed", reason: "all 2 checks passed" });
    expect(gate.checks).toEqual([
      { name: "auc", rule: "must be at least 0.8", value: 0.8, passed: true },
      { name: "auc of carrier UA", rule: "must be at least 0.75", value: 0.75, passed: true },
    ]);
  });

  it.each<[GateRule["checks"][number], number, string]>([
    [{ metric: "auc", min: 0.8 }, 0.79996, "auc must be at least 0.8, got 0.7999"],
    [{ metric: "auc", min: 0.999 }, 0.97094, "auc must be at least 0.999, got 0.9709"],
    [{ metric: "rmse", max: 10 }, 10.00001, "rmse must be at most 10, got 10.0001"],
  ])("refuses %j and cuts the value %d, so that it never reads as the limit", (check, value, reason) => {
    expect(judge({ checks: [check] }, { [check.metric]: value }, [])).toMatchObject({
      verdict: "refused",
      reason,
    });
  });

  it("refuses a good model with one bad segment, and names the worst", () => {
    const gate = judge(rule, { auc: 0.9 }, [carrier("UA", 0.7), carrier("AA", 0.6), carrier("DL", 0.9)]);
    expect(gate.verdict).toBe("refused");
    expect(gate.reason).toBe(
      "2 of 3 segments break their rule, the worst is auc of carrier AA: must be at least 0.75, got 0.6000",
    );
  });

  it("says both where both fail, and every metric that does", () => {
    const checks = [...rule.checks, { metric: "brier", max: 0.1 }];
    expect(judge({ checks }, { auc: 0.5, brier: 0.2 }, [carrier("UA", 0.7)]).reason).toBe(
      "auc must be at least 0.8, got 0.5000; brier must be at most 0.1, got 0.2000; 1 of 1 segments break their rule, the worst is auc of carrier UA: must be at least 0.75, got 0.7000",
    );
  });

  it.each([
    ["too few rows", carrier("OO", 0.1, 499)],
    ["one class only", carrier("OO", null)],
    ["another column", { ...carrier("x", 0.1), column: "origin" }],
  ])("does not judge a segment with %s", (_, segment) => {
    expect(judge(rule, { auc: 0.9 }, [segment]).checks).toHaveLength(1);
  });

  it("refuses a model without the metric", () => {
    expect(judge(rule, { auc: null }, [])).toMatchObject({
      verdict: "refused",
      reason: "auc must be at least 0.8, got none (the rows have one outcome only)",
    });
  });
});
