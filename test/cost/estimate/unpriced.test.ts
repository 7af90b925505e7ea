import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../cost/estimate/unknown-value.ts";
import { planned } from "../planned.ts";
import { estimate, NODES, scaling } from "../round-prices.ts";

describe("unpriced", () => {
  test.each([
    ["unknown type", "aws:braket/device:Device", {}],
    ["unknown sku", NODES, { instanceTypes: ["x99.huge"], scalingConfig: scaling(1, 1) }],
    ["unknown value", NODES, { instanceTypes: [UNKNOWN], scalingConfig: scaling(1, 1) }],
    [
      "unknown value",
      NODES,
      { instanceTypes: ["m7i.large"], scalingConfig: { minSize: 0, maxSize: UNKNOWN } },
    ],
    ["unknown value", NODES, { instanceTypes: UNKNOWN, scalingConfig: scaling(1, 1) }],
    ["unknown value", "aws:rds/instance:Instance", { instanceClass: "[secret]" }],
    ["usage priced", "aws:ec2/flowLog:FlowLog", { logDestinationType: "kinesis-data-firehose" }],
    [
      "unknown type",
      "azure-native:resources:Deployment",
      { properties: { template: { resources: [{ type: "Microsoft.Cache/redis" }] } } },
    ],
    ["usage priced", "gcp:pubsub/topic:Topic", {}],
    ["unknown value", "kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } }],
    ["usage priced", "kubernetes:helm.sh/v4:Chart", {}],
    [
      "usage priced",
      "kubernetes:gateway.networking.k8s.io/v1:Gateway",
      { spec: { gatewayClassName: "istio" } },
    ],
  ])("is listed with its reason: %s of %s", (why, type, inputs) => {
    const { monthly, unpriced } = estimate(planned(type, "it", inputs));
    expect(unpriced.map((gap) => [gap.why, gap.type])).toContainEqual([why, type]);
    expect(monthly.max).toBeLessThan(100);
  });

  test.each<[string, Record<string, unknown>]>([
    ["aws:ebs/volume:Volume", { type: "io2", size: 100 }],
    ["aws:ebs/volume:Volume", { type: "st1", size: 100 }],
    ["aws:ebs/volume:Volume", { type: "gp3", snapshotId: "snap-1" }],
    ["gcp:compute/disk:Disk", { type: "pd-balanced", size: 10, provisionedIops: 10000 }],
    ["gcp:compute/disk:Disk", { type: "pd-extreme", size: 10 }],
    ["gcp:compute/disk:Disk", { type: "pd-balanced", image: "debian" }],
    ["azure-native:compute:Disk", { diskSizeGB: 10, sku: { name: "UltraSSD_LRS" } }],
    ["azure-native:compute:Disk", { diskSizeGB: 10, sku: { name: "Premium_LRS" }, tier: "P50" }],
    ["azure-native:compute:Disk", { diskSizeGB: 10 }],
    [
      "gcp:sql/databaseInstance:DatabaseInstance",
      { databaseVersion: "SQLSERVER_2022_STANDARD", settings: { tier: "db-custom-2-8192" } },
    ],
    [
      "gcp:sql/databaseInstance:DatabaseInstance",
      { databaseVersion: "POSTGRES_18", settings: { tier: "db-custom-2-8192", diskType: "PD_HDD" } },
    ],
    [
      "aws:rds/instance:Instance",
      { instanceClass: "db.m7g.large", engine: "sqlserver-se", storageType: "io1", iops: 20000 },
    ],
    ["aws:rds/instance:Instance", { instanceClass: "db.m7g.large", engine: "mysql", storageType: "gp3" }],
    [
      "aws:rds/instance:Instance",
      { instanceClass: "db.m7g.large", engine: "postgres", storageType: "io2", iops: 9 },
    ],
    ["aws:rds/instance:Instance", { instanceClass: "db.m7g.large", engine: "postgres" }], // gp2, not in this table
    [
      "aws:rds/instance:Instance",
      { instanceClass: "db.m7g.large", engine: "postgres", storageType: "gp3", iops: 20000 },
    ],
    [
      "aws:rds/instance:Instance",
      { instanceClass: "db.m7g.large", engine: "postgres", engineVersion: "12.5", storageType: "gp3" },
    ],
    ["aws:rds/instance:Instance", { instanceClass: "db.m7g.large", replicateSourceDb: "other" }],
    ["aws:eks/cluster:Cluster", { controlPlaneScalingConfig: { tier: "tier-xl" } }],
  ])("%s %j is listed as partly unpriced", (type, inputs) => {
    expect(estimate(planned(type, "it", inputs)).unpriced.length).toBeGreaterThan(0);
  });

  test("SQL Server does not have the price of PostgreSQL on gp3", () => {
    const inputs = {
      instanceClass: "db.m7g.large",
      engine: "sqlserver-se",
      storageType: "io1",
      iops: 20000,
    };
    const { monthly, unpriced } = estimate(planned("aws:rds/instance:Instance", "db", inputs));
    expect(monthly.expected).toBe(0);
    expect(unpriced.map(({ detail }) => detail)).toEqual([
      "instance: no price of db.m7g.large-sqlserver-se on aws",
      "disk: no price of rds-io1 on aws",
      "IOPS: no price of rds-io1-iops on aws",
    ]);
  });

  test("is only the part without a price", () => {
    const group = { instanceTypes: ["x99.huge"], diskSize: 100, scalingConfig: scaling(1, 1) };
    const { monthly, unpriced } = estimate(planned(NODES, "it", group));
    expect(monthly.expected).toBe(10);
    expect(unpriced[0]?.detail).toBe("nodes: no price of x99.huge on aws");
  });

  test("is never a missing spot price: the on-demand price is used, with a note", () => {
    const group = {
      instanceTypes: ["m7i.large"],
      capacityType: "SPOT",
      diskSize: 0,
      scalingConfig: scaling(1, 1),
    };
    const { monthly, assumptions } = estimate(planned(NODES, "it", group));
    expect(monthly.expected).toBe(87.6);
    expect(assumptions).toContain(
      "no spot price of m7i.large in eu-central-1 is known: the on-demand price is used",
    );
  });

  test("does not include free resources", () => {
    const free = ["pulumi:pulumi:Stack", "slipway:cluster:Eks", "aws:iam/role:Role", "aws:ec2/subnet:Subnet"];
    expect(estimate(...free.map((type) => planned(type, "it"))).unpriced).toEqual([]);
  });
});
