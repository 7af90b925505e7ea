import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../cli/preview/render-markdown.ts";
import { renderText } from "../../../cli/preview/render-text.ts";
import { buildReport, type PreviewReport } from "../../../cli/preview/report.ts";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import type { PlannedResource } from "../../../cost/estimate/planned-resource.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { planned } from "../../cost/planned.ts";
import { ABOUT, plan } from "./plan.ts";

const prices = loadPrices();
const FREE = "nothing of this stack has a price: it runs on a machine that you have";
const claim = planned("kubernetes:core/v1:PersistentVolumeClaim", "data", {
  spec: { resources: { requests: { storage: "10Gi" } } },
});
const cluster = (region: string): PlannedResource[] => [
  planned("pulumi:providers:aws", "aws", { region }),
  planned("aws:eks/cluster:Cluster", "cluster", { version: "1.36" }),
  planned("aws:ec2/natGateway:NatGateway", "nat"),
  claim,
];
const reportOf = (now: PlannedResource[], before?: PlannedResource[]): PreviewReport =>
  buildReport(plan([]), {
    ...ABOUT,
    cost: {
      now: estimateCost(now, { prices }),
      ...(before === undefined ? {} : { before: estimateCost(before, { prices }) }),
    },
  });

describe("a preview of a stack without prices", () => {
  it.each(["us-gov-west-1", "eu-cental-1"])("says that the cost is unknown in %s", (region) => {
    const report = reportOf(cluster(region));
    const count = report.cost!.now.unpriced.length;
    expect(count).toBeGreaterThan(1);
    const line = `cost: unknown: ${count} resources or parts have no price`;
    const text = renderText(report);
    expect(text).toContain(line);
    expect(text).toContain(`in ${region}, only in`);
    expect(text).not.toContain(FREE);
    expect(text).not.toContain("FIRST DAY");
    const markdown = renderMarkdown([report]);
    expect(markdown).toContain(line);
    expect(markdown).toContain("| unknown |");
  });

  it("says that an amount lacks what has no price", () => {
    const zone = planned("aws:route53/zone:Zone", "zone");
    const report = reportOf([...cluster("us-gov-west-1"), zone]);
    const count = report.cost!.now.unpriced.length;
    expect(renderText(report)).toContain(
      `cost: $1 a month, without ${count} resources or parts that have no price`,
    );
  });

  it("says so also beside an estimate with prices", () => {
    expect(renderText(reportOf(cluster("us-gov-west-1"), cluster("eu-central-1")))).toContain(
      "cost: unknown",
    );
  });

  it("says that a stack outside of the clouds is free, although its volumes have no price", () => {
    const report = reportOf([claim]);
    expect(report.cost!.now.unpriced).toHaveLength(1);
    expect(renderText(report)).toContain(FREE);
    expect(renderMarkdown([report])).not.toContain("unknown:");
  });

  it("does not say that a stack is free whose plan failed", () => {
    const failed = [{ urn: "", reasons: ["the config is wrong"] }];
    const text = renderText({ ...reportOf([]), failed });
    expect(text).toContain("cost: unknown: the plan failed");
    expect(text).not.toContain(FREE);
  });

  it("sums a stack with prices up", () => {
    expect(renderText(reportOf(cluster("eu-central-1")))).toMatch(/cost: \$\d+ .*a month/);
  });
});
