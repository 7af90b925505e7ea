import { describe, expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { UNKNOWN } from "../../../cost/estimate/unknown-value.ts";
import { planned } from "../planned.ts";
import { AKS, EKS, estimate, GKE, prices, usage } from "../round-prices.ts";

const standardTier = { sku: { tier: "Standard" } };

describe("the cost of a plan", () => {
  test.each([
    ["EKS, which keeps the version", EKS, { version: "1.29" }, 438, "the extended rate is used"],
    [
      "EKS, which upgrades it",
      EKS,
      { version: "1.29", upgradePolicy: { supportType: "STANDARD" } },
      73,
      "AWS upgrades it, so the standard rate is used",
    ],
    [
      "GKE of the channel EXTENDED",
      GKE,
      { minMasterVersion: "1.29.1-gke.100", releaseChannel: { channel: "EXTENDED" } },
      438,
      "the extended rate is used",
    ],
    [
      "GKE of another channel",
      GKE,
      { minMasterVersion: "1.29", releaseChannel: { channel: "REGULAR" } },
      73,
      "Google upgrades it, so the standard rate is used",
    ],
    [
      "AKS",
      AKS,
      { ...standardTier, kubernetesVersion: "1.29" },
      73,
      "Azure no longer supports it without long-term support",
    ],
  ])("says that a version is past its standard support: %s", (_, type, inputs, usd, then) => {
    const { monthly, assumptions } = estimate(planned(type, "old", inputs));
    expect(monthly.expected).toBe(usd);
    expect(assumptions.filter((line) => line.includes("past its standard support"))).toEqual([
      expect.stringMatching(
        new RegExp(`^Kubernetes 1\\.29.* of old is past its standard support on .*: ${then}$`),
      ),
    ]);
  });

  test.each([
    [EKS, { version: "1.35" }],
    [EKS, { version: UNKNOWN }],
    [EKS, {}],
    [GKE, { minMasterVersion: "latest", releaseChannel: { channel: "EXTENDED" } }],
    [AKS, { ...standardTier, kubernetesVersion: "1.36" }],
    [AKS, { ...standardTier, kubernetesVersion: "1.29", supportPlan: "AKSLongTermSupport" }],
  ])("uses the standard rate of %s %j without a note", (type, inputs) => {
    const { monthly, assumptions } = estimate(planned(type, "it", inputs));
    expect(monthly.expected).toBe(73);
    expect(assumptions.join()).not.toMatch(/standard support/);
  });

  test("checks support on the day of the estimate", () => {
    const cluster = planned(EKS, "c", { version: "1.35" });
    const on = (day: string): number =>
      estimateCost([cluster], { prices, usage, today: day }).monthly.expected;
    expect([on("2027-03-27"), on("2027-03-28")]).toEqual([73, 438]);
  });

  test("charges for extended support if the usage sets it", () => {
    const cluster = planned("aws:eks/cluster:Cluster", "cluster");
    const { monthly, assumptions } = estimateCost([cluster], {
      prices,
      usage: { ...usage, extendedSupport: true },
    });
    expect(monthly.expected).toBe(438);
    expect(assumptions).toContain("clusters are past their standard support");
  });
});
