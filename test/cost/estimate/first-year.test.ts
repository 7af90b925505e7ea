import { expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import type { Usage } from "../../../cost/estimate/usage.ts";
import { keyVersions } from "../../../cost/pricers/key-versions.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { planned } from "../planned.ts";

const prices = loadPrices();
const PLACES = { aws: "eu-central-1", gcp: "europe-west4", azure: "westeurope" };

/** Charges of one resource: what is charged → expected quantity and USD. */
function charges(type: string, inputs: Record<string, unknown>, usage: Usage = {}) {
  const { byResource, unpriced } = estimateCost([planned(type, "it", inputs)], {
    prices,
    usage: { regions: PLACES, ...usage },
    today: "2026-11-30",
  });
  expect(unpriced).toEqual([]);
  return Object.fromEntries(
    byResource.flatMap((one) =>
      one.charges.map(({ what, quantity, monthly }) => [what, [quantity.expected, monthly.expected]]),
    ),
  );
}

test.each([
  [undefined, { min: 1, expected: 1, max: 1 }],
  [365, { min: 1, expected: 1, max: 1 }],
  [90, { min: 1, expected: 3, max: 5 }],
  [30, { min: 1, expected: 7, max: 13 }],
])("a key that rotates every %s days has %o versions in its first year", (days, versions) => {
  expect(keyVersions(days)).toEqual(versions);
});

test("AWS bills at most three versions of a key, Google all of them", () => {
  const rotation = { enableKeyRotation: true, rotationPeriodInDays: 90 };
  expect(charges("aws:kms/key:Key", rotation)).toEqual({ "key versions": [3, 3] });
  expect(charges("gcp:kms/cryptoKey:CryptoKey", { rotationPeriod: "7776000s" })).toEqual({
    "key versions": [3, 0.18],
  });
});

test("a repository of one image holds less than a registry of many", () => {
  expect(charges("aws:ecr/repository:Repository", {})["images"]?.[0]).toBe(1);
  const type = "gcp:artifactregistry/repository:Repository";
  expect(charges(type, { location: "europe-west4", mode: "REMOTE_REPOSITORY" })["images"]?.[0]).toBe(1);
  expect(charges(type, { location: "europe-west4", mode: "STANDARD_REPOSITORY" })["images"]?.[0]).toBe(10);
});

test("the log of an EKS control plane has its audit records, other logs have none", () => {
  const type = "aws:cloudwatch/logGroup:LogGroup";
  expect(charges(type, { name: "/aws/eks/slipway/cluster" })["logs written"]?.[0]).toBe(30);
  expect(charges(type, { name: "/aws/eks/slipway/pods" })["logs written"]?.[0]).toBe(10);
  expect(charges(type, { name: "/aws/eks/slipway/cluster" }, { auditLogGib: 60 })["logs written"]?.[0]).toBe(
    60,
  );
});

test("GKE's own metrics and logs are free, those of the control plane and of pods are not", () => {
  const cluster = (logs: string[], metrics: string[]) => {
    const { "control plane": _, ...rest } = charges("gcp:container/cluster:Cluster", {
      location: "europe-west4",
      removeDefaultNodePool: true,
      loggingConfig: { enableComponents: logs },
      monitoringConfig: { enableComponents: metrics },
    });
    return rest;
  };
  expect(cluster(["SYSTEM_COMPONENTS"], ["SYSTEM_COMPONENTS"])).toEqual({});
  expect(cluster(["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"], ["SYSTEM_COMPONENTS", "POD"])).toEqual({
    "logs written": [40, 20],
    "metric samples": [500, 30],
  });
});

test("the sizes of Azure Managed Redis have approximate prices, half of them without a second node", () => {
  const inputs = { location: "westeurope", sku: { name: "Balanced_B10" } };
  const two = charges("azure-native:redisenterprise:RedisEnterprise", inputs)["nodes"]?.[1] ?? 0;
  const one = charges("azure-native:redisenterprise:RedisEnterprise", {
    ...inputs,
    highAvailability: "Disabled",
  })["nodes"]?.[1];
  expect(two).toBeGreaterThan(300);
  expect(one).toBeCloseTo(two / 2, 2);
});
