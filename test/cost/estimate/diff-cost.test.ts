import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costPerThousand } from "../../../cost/services/cost-per-thousand.ts";
import type { ComponentCost, CostEstimate } from "../../../cost/estimate/cost-estimate.ts";
import { diffCost } from "../../../cost/estimate/diff-cost.ts";
import {
  formatCostMarkdown,
  formatCostText,
  formatDelta,
  formatUsd,
} from "../../../cost/format/format-cost.ts";
import { toCents } from "../../../cost/estimate/cost-range.ts";

function estimateOf(components: Record<string, number>): CostEstimate {
  const byComponent: ComponentCost[] = Object.entries(components).map(([name, usd]) => ({
    urn: `urn:pulumi:prod::slipway::slipway:x:Y::${name}`,
    type: "slipway:x:Y",
    name,
    monthly: { min: usd, expected: usd, max: usd * 2 },
  }));
  const total = toCents(byComponent.reduce((sum, { monthly }) => sum + monthly.expected, 0));
  return {
    currency: "USD",
    hoursPerMonth: 730,
    monthly: { min: total, expected: total, max: toCents(total * 2) },
    byComponent,
    byResource: [],
    gpu: [],
    services: [],
    unpriced: [],
    assumptions: [],
    pricesAsOf: "2025-03",
  };
}

describe("a change's cost", () => {
  test("is listed by component, the largest first, without unchanged components", () => {
    const before = estimateOf({ cluster: 73, cpu: 200, old: 10 });
    const after = estimateOf({ cluster: 73, cpu: 150.5, gpu: 900 });
    const { delta, byComponent } = diffCost(before, after);
    expect(delta).toEqual({ min: 840.5, expected: 840.5, max: 1681 });
    expect(byComponent.map(({ name, delta }) => [name, delta.expected])).toEqual([
      ["gpu", 900],
      ["cpu", -49.5],
      ["old", -10],
    ]);
  });

  const costs = fc.dictionary(
    fc.stringMatching(/^[a-f]$/),
    fc.nat(10_000_000).map((cents) => cents / 100),
  );

  test("a reverted change has the opposite cost, and no change costs nothing", () => {
    const amounts = ({ delta }: { delta: { min: number; expected: number; max: number } }): number[] => [
      delta.min,
      delta.expected,
      delta.max,
    ];
    fc.assert(
      fc.property(costs, costs, (a, b) => {
        const [there, back] = [
          diffCost(estimateOf(a), estimateOf(b)),
          diffCost(estimateOf(b), estimateOf(a)),
        ];
        expect(amounts(back).map((usd) => 0 - usd)).toEqual(amounts(there).map((usd) => 0 + usd));
        const opposite = new Map(back.byComponent.map((component) => [component.urn, amounts(component)]));
        for (const component of there.byComponent)
          expect(opposite.get(component.urn)).toEqual(amounts(component).map((usd) => 0 - usd));
        expect(diffCost(estimateOf(a), estimateOf(a)).byComponent).toEqual([]);
      }),
    );
  });
});

describe("the cost of a thousand inferences", () => {
  test.each([
    // 3.60 USD/h at 1 request/s is 0.001 USD a request
    [{ hourlyUsd: 3.6, requestsPerSecond: 1 }, 1],
    [{ hourlyUsd: 3.6, requestsPerSecond: 100, rowsPerRequest: 10 }, 0.001],
    [{ hourlyUsd: 3.6, requestsPerSecond: 1, utilization: 0.25 }, 4],
    [{ hourlyUsd: 0, requestsPerSecond: 5 }, 0],
  ])("of %o is %d USD", (throughput, usd) => {
    expect(costPerThousand(throughput)).toBeCloseTo(usd, 12);
  });

  test.each([
    [{ hourlyUsd: 1, requestsPerSecond: 0 }, "requestsPerSecond must be more than 0, got 0"],
    [{ hourlyUsd: -1, requestsPerSecond: 1 }, "hourlyUsd must be at least 0, got -1"],
    [
      { hourlyUsd: 1, requestsPerSecond: 1, rowsPerRequest: NaN },
      "rowsPerRequest must be more than 0, got NaN",
    ],
    [{ hourlyUsd: 1, requestsPerSecond: 1, utilization: 2 }, "utilization must be at most 1, got 2"],
  ])("is refused for %o", (throughput, message) => {
    expect(() => costPerThousand(throughput)).toThrow(message);
  });
});

describe("rendered", () => {
  test.each([
    [0, "$0.00", "$0.00"],
    [1234567.5, "$1,234,567.50", "+$1,234,567.50"],
    [-0.5, "-$0.50", "-$0.50"],
    [999.99, "$999.99", "+$999.99"],
  ])("%d is %s, and as a change %s", (usd, plain, delta) => {
    expect([formatUsd(usd), formatDelta(usd)]).toEqual([plain, delta]);
  });

  test.each([
    [1.005, 1.01],
    [0.1 + 0.2, 0.3],
    [-1.005, -1.01],
    [-0.001, 0],
    [1234567.891, 1234567.89],
  ])("%d is %d in whole cents", (usd, cents) => {
    expect(toCents(usd)).toBe(cents);
  });

  test("the text is aligned, and lists unpriced resources with their reasons", () => {
    const estimate = estimateOf({ cluster: 73, cpu: 1000 });
    estimate.unpriced.push({
      urn: "u",
      type: "aws:x:Y",
      name: "odd",
      why: "unknown type",
      detail: "no price",
    });
    estimate.gpu.push({
      urn: "u",
      pool: "l4",
      machine: "g6.xlarge",
      count: 1,
      spot: true,
      hourly: 0.4,
      nodes: { min: 0, expected: 0, max: 2 },
      gpuHours: { min: 0, expected: 0, max: 1460 },
      monthlyAtMin: 0,
      monthlyExpected: 0,
      monthlyAtMax: 584,
    });
    expect(formatCostText(estimate)).toBe(
      [
        "COMPONENT        TYPE               MIN   EXPECTED        MAX",
        "cluster          slipway:x:Y     $73.00     $73.00    $146.00",
        "cpu              slipway:x:Y  $1,000.00  $1,000.00  $2,000.00",
        "total per month               $1,073.00  $1,073.00  $2,146.00",
        "",
        "GPU POOL  NODE                    PER HOUR  AT MIN   AT MAX",
        "l4        g6.xlarge, 1 GPU, spot     $0.40   $0.00  $584.00",
        "",
        "not priced (1):",
        "  odd (aws:x:Y): unknown type: no price",
        "",
        "prices as of 2025-03 or later",
      ].join("\n"),
    );
  });

  test("the text has a line for each missing price, and no date where none was used", () => {
    const estimate = estimateOf({ cluster: 0 });
    delete estimate.pricesAsOf;
    const missing = (sku: string, count: number): void => {
      for (let index = 0; index < count; index++)
        estimate.unpriced.push({
          ...{ urn: "u", type: "aws:x:Y", name: `${sku}-${index}`, why: "other region" },
          detail: `no price of ${sku}`,
        });
    };
    missing("disk", 3);
    for (let index = 0; index < 20; index++) missing(`node${index}`, 2);
    const text = formatCostText(estimate);
    expect(text).toContain(
      "not priced (43):\n  disk-0 and 2 more (aws:x:Y): other region: no price of disk\n  node0-0 and 1 more (aws:x:Y)",
    );
    expect(text).toContain(
      "  node18-0 and 1 more (aws:x:Y): other region: no price of node18\n  and 2 more\n\nno price was used",
    );
    expect(formatCostMarkdown(estimate)).toContain("43 not priced; no price was used.");
  });

  test("the Markdown shows the changes", () => {
    const before = estimateOf({ cluster: 73, cpu: 100 });
    const after = estimateOf({ cluster: 73, cpu: 150 });
    expect(formatCostMarkdown(after, diffCost(before, after))).toBe(
      [
        "**Cost: $223.00 per month (+$50.00)**, from $223.00 to $446.00",
        "",
        "| component | before | after | change |",
        "| --- | ---: | ---: | ---: |",
        "| cpu | $100.00 | $150.00 | +$50.00 (max +$100.00) |",
        "",
        "everything is priced; prices as of 2025-03 or later, on demand unless spot.",
      ].join("\n"),
    );
  });

  test("the Markdown is short, and names cannot break a table", () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`part|${index}<b>`, index + 1]),
    );
    const text = formatCostMarkdown(estimateOf(many));
    expect(text.length).toBeLessThan(1500);
    expect(text).toContain("| 492 more |");
    expect(text).not.toContain("<b>|");
    expect(text).toContain("part&#124;0&lt;b&gt;");
  });
});
