import { describe, expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import type { PlannedResource } from "../../../cost/estimate/planned-resource.ts";
import { UNKNOWN } from "../../../cost/estimate/unknown-value.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { planned } from "../planned.ts";
import { AKS, estimate, NODES, scaling, usage } from "../round-prices.ts";

describe("the cost of a plan", () => {
  test("is the cost of minimum, expected and maximum nodes with their disks", () => {
    const group = { instanceTypes: ["m7i.large"], diskSize: 50, scalingConfig: scaling(1, 4, 2) };
    const { monthly, byResource } = estimate(planned(NODES, "cpu", group));
    // a node is 730 × 0.12 = 87.60, and 50 GiB × 0.10 = 5.00
    expect(monthly).toEqual({ min: 92.6, expected: 185.2, max: 370.4 });
    expect(byResource[0]?.charges).toEqual([
      {
        what: "nodes",
        sku: "m7i.large",
        quantity: { min: 1, expected: 2, max: 4 },
        spot: false,
        monthly: { min: 87.6, expected: 175.2, max: 350.4 },
      },
      {
        what: "disks of nodes",
        sku: "gp3",
        quantity: { min: 50, expected: 100, max: 200 },
        spot: false,
        monthly: { min: 5, expected: 10, max: 20 },
      },
    ]);
  });

  test.each([
    ["an EKS control plane", "aws:eks/cluster:Cluster", {}, 73],
    ["a NAT gateway with 100 GiB", "aws:ec2/natGateway:NatGateway", {}, 41.5], // 36.50 + 5.00
    ["a key", "aws:kms/key:Key", {}, 1],
    ["a zone, whatever the region", "aws:route53/zone:Zone", {}, 0.5],
    [
      "an interface endpoint in three zones that are not known yet",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      { vpcEndpointType: "Interface", subnetIds: [UNKNOWN, UNKNOWN, UNKNOWN] },
      26.78, // 3 × 730 × 0.012 = 26.28, and 50 GiB × 0.01
    ],
    ["a gateway endpoint", "aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Gateway" }, 0],
    [
      "a database in two zones",
      "aws:rds/instance:Instance",
      {
        engine: "postgres",
        engineVersion: "18",
        instanceClass: "db.m7g.large",
        multiAz: true,
        allocatedStorage: 50,
        storageType: "gp3",
      },
      302, // 2 × 146 + 2 × 50 × 0.10
    ],
    [
      "a database of Cloud SQL with a standby",
      "gcp:sql/databaseInstance:DatabaseInstance",
      { settings: { tier: "db-custom-2-8192", availabilityType: "REGIONAL", diskSize: 10 } },
      266.8, // 4 vCPU × 36.50 + 16 GiB × 7.30 + 20 GiB × 0.20
    ],
    [
      "an ARM deployment that makes nothing",
      "azure-native:resources:Deployment",
      { properties: { template: { resources: [], outputs: {} } } },
      0,
    ],
    [
      "an ARM deployment that adds a setting to a cluster",
      "azure-native:resources:Deployment",
      {
        properties: {
          template: {
            resources: [
              {
                type: "Microsoft.Resources/deployments",
                properties: {
                  template: {
                    resources: [
                      {
                        type: "Microsoft.ContainerService/managedClusters",
                        properties: "[union(parameters('cluster').properties, variables('more'))]",
                      },
                    ],
                  },
                },
              },
            ],
          },
        },
      },
      0,
    ],
    ["an AKS control plane of the free tier", "azure-native:containerservice:ManagedCluster", {}, 0],
    [
      "an AKS cluster with a pool of its own",
      "azure-native:containerservice:ManagedCluster",
      {
        sku: { tier: "Standard" },
        agentPoolProfiles: [{ name: "system", vmSize: "Standard_D2s_v5", count: 2, osDiskType: "Ephemeral" }],
      },
      240.9, // 73 + 2 × 83.95
    ],
  ])("of %s", (_, type, inputs, usd) => {
    const { monthly, unpriced } = estimate(planned(type, "it", inputs));
    expect(monthly).toEqual({ min: usd, expected: usd, max: usd });
    expect(unpriced).toEqual([]);
  });

  test.each([
    [{ type: "gp3", size: 100, iops: 16000, throughput: 1000 }, 10 + 130 + 43.75],
    [{ type: "gp3", size: 100, iops: 3000, throughput: 125 }, 10],
    [{ type: "io1", size: 100, iops: 1000 }, 20 + 100],
    [{ type: "io2", size: 100, iops: 70000 }, 20 + 3200 + 2240 + 300],
  ])("of a volume %j is its GiB, its IOPS and its throughput", (inputs, usd) => {
    const { monthly, unpriced } = estimate(planned("aws:ebs/volume:Volume", "v", inputs));
    expect(monthly.expected).toBeCloseTo(usd, 2);
    expect(unpriced).toEqual([]);
  });

  test("is the same for types of azure-native with an API version", () => {
    const inputs = { sku: { tier: "Standard" } };
    for (const type of [AKS, AKS.replace("service:", "service/v20260101preview:")])
      expect(estimate(planned(type, "it", inputs)).monthly.expected).toBe(73);
  });

  test("prices provisioned concurrency by the memory of its function", () => {
    const parent = planned("slipway:serverless:LambdaInference", "burst");
    const lambda = planned("aws:lambda/function:Function", "burst-function", { memorySize: 2048 }, parent);
    const warm = planned(
      "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
      "burst-warm",
      { provisionedConcurrentExecutions: 3 },
      parent,
    );
    expect(estimate(parent, lambda, warm).monthly.expected).toBe(65.7); // 6 GiB × 730 × 0.015
  });

  test("belongs to the nearest Slipway component above", () => {
    const cluster = planned("slipway:cluster:EksCluster", "cluster");
    const inner = planned("other:thing:Wrapper", "wrapper", {}, cluster);
    const key = planned("aws:kms/key:Key", "key", {}, inner);
    const zone = planned("aws:route53/zone:Zone", "zone");
    expect(estimate(zone, key, inner, cluster).byComponent).toEqual([
      {
        urn: cluster.urn,
        type: "slipway:cluster:EksCluster",
        name: "cluster",
        monthly: { min: 1, expected: 1, max: 1 },
      },
      { urn: "", type: "", name: "(no component)", monthly: { min: 0.5, expected: 0.5, max: 0.5 } },
    ]);
  });

  test("has the oldest date of the prices used", () => {
    expect(estimate(planned("aws:kms/key:Key", "key")).pricesAsOf).toBe("2025-03-02");
    expect(estimate().pricesAsOf).toBeUndefined();
  });
});

test("the repository's price table has the prices of the clouds' pages", () => {
  const own = loadPrices();
  const cost = (resource: PlannedResource): number =>
    estimateCost([resource], { prices: own, usage }).monthly.expected;
  // "$0.10 per hour per cluster", 73 USD per month: EKS, GKE and AKS (standard)
  expect(cost(planned("aws:eks/cluster:Cluster", "eks"))).toBe(73);
  expect(cost(planned("gcp:container/cluster:Cluster", "gke"))).toBe(73);
  expect(
    cost(planned("azure-native:containerservice:ManagedCluster", "aks", { sku: { tier: "Standard" } })),
  ).toBe(73);
});
