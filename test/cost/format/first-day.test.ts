import { expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { firstDayCost, firstDayMarkdown, firstDayText } from "../../../cost/format/first-day.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { planned } from "../planned.ts";

const estimate = estimateCost(
  [
    planned("aws:eks/cluster:Cluster", "cluster", { version: "1.36" }),
    planned("aws:eks/nodeGroup:NodeGroup", "nodes", {
      instanceTypes: ["m7i.large"],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 },
    }),
    planned("aws:ec2/natGateway:NatGateway", "nat"),
    planned("aws:kms/key:Key", "key"),
    planned("aws:cloudwatch/logGroup:LogGroup", "logs", { name: "/pods" }),
    planned("aws:elasticache/cluster:Cluster", "redis", { nodeType: "cache.r7g.large" }),
    planned("aws:s3/bucket:Bucket", "objects"),
    planned("kubernetes:core/v1:PersistentVolumeClaim", "volume", {
      spec: { resources: { requests: { storage: "50Gi" } } },
    }),
  ],
  { prices: loadPrices(), usage: { regions: { aws: "eu-central-1" } }, today: "2026-11-30" },
);

test("each charge is in one area, and the areas add up to 24 of the month's 730 hours", () => {
  const days = firstDayCost(estimate);
  expect(days["control plane"]).toBeCloseTo(2.4, 2);
  expect(days.other).toBe(0);
  for (const area of [
    "nodes and their disks",
    "network",
    "Redis and databases",
    "images, objects and volumes",
    "keys and secrets",
    "logs and metrics",
  ] as const)
    expect(days[area], area).toBeGreaterThan(0);
  const total = Object.values(days).reduce((sum, usd) => sum + usd, 0);
  expect(total).toBeCloseTo((estimate.monthly.expected * 24) / 730, 2);
});

test("the text and the table end with the totals", () => {
  expect(firstDayText(estimate)[0]).toMatch(/^FIRST DAY +EXPECTED$/);
  expect(firstDayText(estimate).at(-1)).toMatch(/^total of 24 hours +\$\d/);
  const lines = firstDayMarkdown([
    { name: "prod", estimate },
    { name: "other", estimate },
  ]).split("\n");
  expect(lines[0]).toBe("| | prod | other |");
  expect(lines.at(-2)).toMatch(/^\| \*\*first 24 hours\*\* \| \$[\d.]+ \| \$[\d.]+ \|$/);
  expect(lines.at(-1)).toContain("every month after it");
});
