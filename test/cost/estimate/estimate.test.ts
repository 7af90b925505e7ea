// One table of plans and their costs, by cloud: the prices and helpers above it serve every row.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import type { PlannedResource } from "../../../cost/estimate/planned-resource.ts";
import { UNKNOWN } from "../../../cost/estimate/unknown-value.ts";
import { toSkuPrices, type PriceTable } from "../../../cost/prices/price-table.ts";
import { planned } from "../planned.ts";

const source = { book: { url: "https://example.com/prices", date: "2025-03-02" } };
const price = (
  sku: string,
  unit: "hour" | "month" | "GiB-month" | "GiB",
  usd: Record<string, number>,
  more = {},
) => ({
  sku,
  unit,
  usd,
  source: "book",
  ...more,
});

/** Round prices, so that the sums below can be done by hand. */
const prices: PriceTable = {
  aws: toSkuPrices({
    sources: source,
    prices: [
      price("eks-cluster", "hour", { "eu-central-1": 0.1 }),
      price("eks-cluster-extended", "hour", { "eu-central-1": 0.6 }),
      price("m7i.large", "hour", { "eu-central-1": 0.12 }),
      price("g6.xlarge", "hour", { "eu-central-1": 1 }, { gpus: 1, spot: { "eu-central-1": 0.4 } }),
      price("gp3", "GiB-month", { "eu-central-1": 0.1 }),
      price("ec2-detailed-monitoring", "month", { "eu-central-1": 2.1 }),
      price("gp3-iops", "month", { "eu-central-1": 0.01 }),
      price("gp3-throughput", "month", { "eu-central-1": 0.05 }),
      price("io1", "GiB-month", { "eu-central-1": 0.2 }),
      price("io1-iops", "month", { "eu-central-1": 0.1 }),
      price("io2", "GiB-month", { "eu-central-1": 0.2 }),
      price("io2-iops", "month", { "eu-central-1": 0.1 }),
      price("io2-iops-over-32000", "month", { "eu-central-1": 0.07 }),
      price("io2-iops-over-64000", "month", { "eu-central-1": 0.05 }),
      price("nat-gateway", "hour", { "eu-central-1": 0.05 }),
      price("nat-gateway-gib", "GiB", { "eu-central-1": 0.05 }),
      price("vpc-endpoint", "hour", { "eu-central-1": 0.012 }),
      price("vpc-endpoint-gib", "GiB", { "eu-central-1": 0.01 }),
      price("kms-key", "month", { "eu-central-1": 1 }),
      price("hosted-zone", "month", { global: 0.5 }),
      price("db.m7g.large", "hour", { "eu-central-1": 0.2 }),
      price("rds-gp3", "GiB-month", { "eu-central-1": 0.1 }),
      price("nlb", "hour", { "eu-central-1": 0.03 }),
      price("nlb-gib", "GiB", { "eu-central-1": 0.01 }),
      price("lambda-provisioned-gib", "hour", { "eu-central-1": 0.015 }),
    ],
  }),
  gcp: toSkuPrices({
    sources: source,
    prices: [
      price("gke-cluster", "hour", { global: 0.1 }),
      price("gke-cluster-extended", "hour", { global: 0.6 }),
      price("n1-standard-4", "hour", { "europe-west4": 0.2 }, { spot: { "europe-west4": 0.05 } }),
      price("nvidia-tesla-t4", "hour", { "europe-west4": 0.35 }, { gpus: 1, spot: { "europe-west4": 0.15 } }),
      price("g2-standard-24", "hour", { "europe-west4": 2 }, { gpus: 2 }),
      price("pd-balanced", "GiB-month", { "europe-west4": 0.1 }),
      price("sql-cpu", "hour", { "europe-west4": 0.05 }),
      price("sql-memory", "hour", { "europe-west4": 0.01 }),
      price("sql-ssd", "GiB-month", { "europe-west4": 0.2 }),
    ],
  }),
  azure: toSkuPrices({
    sources: source,
    prices: [
      price("aks-standard", "hour", { global: 0.1 }),
      price("Standard_D2s_v5", "hour", { germanywestcentral: 0.115 }),
      price("premium-ssd", "GiB-month", { germanywestcentral: 0.15 }),
      price("load-balancer", "hour", { germanywestcentral: 0.025 }),
      price("load-balancer-gib", "GiB", { germanywestcentral: 0.005 }),
      price("public-ip", "hour", { germanywestcentral: 0.005 }),
    ],
  }),
};
const usage = { regions: { aws: "eu-central-1", gcp: "europe-west4", azure: "germanywestcentral" } };
const today = "2026-11-23";
const estimate = (...resources: PlannedResource[]) => estimateCost(resources, { prices, usage, today });
const NODES = "aws:eks/nodeGroup:NodeGroup";
const scaling = (minSize: number, maxSize: number, desiredSize?: number) => ({
  minSize,
  maxSize,
  desiredSize,
});

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

  test("uses the disk of the launch template next to the node group", () => {
    const pool = planned("slipway:cluster:EksNodePool", "cpu");
    const template = planned(
      "aws:ec2/launchTemplate:LaunchTemplate",
      "cpu-template",
      { blockDeviceMappings: [{ ebs: { volumeSize: 4 } }, { ebs: { volumeSize: "96" } }] },
      pool,
    );
    const group = planned(
      NODES,
      "cpu-group",
      { instanceTypes: ["m7i.large"], launchTemplate: { id: UNKNOWN }, scalingConfig: scaling(1, 1) },
      pool,
    );
    expect(estimate(pool, template, group).monthly.expected).toBe(97.6); // 87.60 and 100 GiB
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

  const EKS = "aws:eks/cluster:Cluster";
  const GKE = "gcp:container/cluster:Cluster";
  const AKS = "azure-native:containerservice:ManagedCluster";
  const standardTier = { sku: { tier: "Standard" } };

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

  test("is the same for types of azure-native with an API version", () => {
    const inputs = { sku: { tier: "Standard" } };
    for (const type of [AKS, AKS.replace("service:", "service/v20260101preview:")])
      expect(estimate(planned(type, "it", inputs)).monthly.expected).toBe(73);
  });

  describe("of a node group has the disk of its own launch template", () => {
    const parent = planned("slipway:cluster:EksNodePool", "pools");
    const template = (name: string, volumeSize: number): PlannedResource => ({
      ...planned(
        "aws:ec2/launchTemplate:LaunchTemplate",
        name,
        { blockDeviceMappings: [{ ebs: { volumeSize } }] },
        parent,
      ),
    });
    const [small, large] = [template("small", 20), template("large", 500)];
    const group = (
      name: string,
      launchTemplate: unknown,
      propertyDependencies?: Record<string, string[]>,
    ): PlannedResource => ({
      ...planned(
        NODES,
        name,
        { instanceTypes: ["m7i.large"], launchTemplate, scalingConfig: scaling(1, 1) },
        parent,
      ),
      ...(propertyDependencies === undefined ? {} : { propertyDependencies }),
    });
    const disks = (...resources: PlannedResource[]) =>
      estimate(parent, small, large, ...resources).byResource.map(({ charges }) =>
        charges.filter(({ what }) => what === "disks of nodes").map(({ quantity }) => quantity.expected),
      );

    test("which its launchTemplate comes from", () => {
      const unknown = { id: UNKNOWN };
      expect(
        disks(
          group("a", unknown, { launchTemplate: [small.urn] }),
          group("b", unknown, { launchTemplate: [large.urn] }),
        ),
      ).toEqual([[20], [500]]);
    });

    test("whose id or name it references", () => {
      const known = { ...large, id: "lt-2" };
      const resources = [small, known, group("a", { id: "lt-2" }), group("b", { name: "small" })];
      const found = estimate(parent, ...resources).byResource.map(
        ({ charges }) => charges[1]?.quantity.expected,
      );
      expect(found).toEqual([500, 20]);
    });

    test("or else lists its disks as unpriced", () => {
      const { unpriced } = estimate(
        parent,
        small,
        large,
        group("a", { id: UNKNOWN }),
        group("b", { id: "lt-9" }),
      );
      expect(unpriced.map(({ name, detail }) => [name, detail])).toEqual([
        ["a", "disks of nodes: launchTemplate is known only after the deployment: it may be small or large"],
        ["b", "disks of nodes: launchTemplate is not in the plan"],
      ]);
    });

    test("or its own disk where it has none", () => {
      expect(disks(group("a", undefined))).toEqual([[20]]);
    });
  });

  test("includes type, IOPS and throughput of a template's volumes", () => {
    const volume = { volumeSize: 100, volumeType: "gp3", iops: 4000, throughput: 225 };
    const template = planned("aws:ec2/launchTemplate:LaunchTemplate", "t", {
      blockDeviceMappings: [{ ebs: volume }, { ebs: { volumeSize: 10, volumeType: "io1", iops: 100 } }],
    });
    const nodes = planned(NODES, "n", {
      instanceTypes: ["m7i.large"],
      launchTemplate: { id: UNKNOWN },
      scalingConfig: scaling(1, 2),
    });
    const [cost] = estimate(template, nodes).byResource;
    expect(cost?.charges.slice(1).map(({ sku, quantity }) => [sku, quantity.min, quantity.max])).toEqual([
      ["gp3", 100, 200],
      ["gp3-iops", 1000, 2000],
      ["gp3-throughput", 100, 200],
      ["io1", 10, 20],
      ["io1-iops", 100, 200],
    ]);
  });

  test("includes detailed monitoring, and a disk whose size the node image decides", () => {
    const template = planned("aws:ec2/launchTemplate:LaunchTemplate", "t", {
      monitoring: { enabled: true },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeType: "gp3" } }],
    });
    const nodes = planned(NODES, "n", {
      instanceTypes: ["m7i.large"],
      launchTemplate: { id: UNKNOWN },
      scalingConfig: scaling(1, 3),
    });
    const [cost] = estimate(template, nodes).byResource;
    expect(cost?.charges.slice(1).map(({ sku, quantity }) => [sku, quantity.min, quantity.max])).toEqual([
      ["gp3", 4, 12],
      ["ec2-detailed-monitoring", 1, 3],
    ]);
  });

  test("counts the zones of a node pool's own cluster", () => {
    const zonal = planned(GKE, "zonal", { location: "europe-west4-a" });
    const regional = planned(GKE, "regional", { location: "europe-west4" });
    const pool = (name: string, cluster: PlannedResource): PlannedResource => ({
      ...planned("gcp:container/nodePool:NodePool", name, {
        cluster: UNKNOWN,
        nodeConfig: { machineType: "n1-standard-4" },
        nodeCount: 1,
      }),
      propertyDependencies: { cluster: [cluster.urn] },
    });
    const { byResource } = estimate(zonal, regional, pool("a", zonal), pool("b", regional));
    const nodes = byResource.filter(({ type }) => type.includes("nodePool"));
    expect(nodes.map(({ name, charges }) => [name, charges[0]?.quantity.expected])).toEqual([
      ["a", 1],
      ["b", 3],
    ]);
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

  test("keeps the expected nodes of a usage within the pool", () => {
    const group = planned(NODES, "cpu", {
      instanceTypes: ["m7i.large"],
      diskSize: 0,
      scalingConfig: scaling(1, 4),
    });
    const expected = (nodes: number): number =>
      estimateCost([group], { prices, usage: { ...usage, nodes: { cpu: nodes } } }).byResource[0]!.charges[0]!
        .quantity.expected;
    expect([0, 3, 9].map(expected)).toEqual([1, 3, 4]);
  });

  test("has a minimum of zero for an idle GPU pool, which is listed separately", () => {
    const group = {
      instanceTypes: ["g6.xlarge"],
      capacityType: "SPOT",
      diskSize: 200,
      scalingConfig: scaling(0, 4, 0),
    };
    const { monthly, gpu } = estimate(planned(NODES, "l4", group));
    // a node is 730 × 0.40 = 292, and 200 GiB × 0.10 = 20
    expect(monthly).toEqual({ min: 0, expected: 0, max: 1248 });
    expect(gpu).toEqual([
      {
        urn: "urn:pulumi:prod::slipway::aws:eks/nodeGroup:NodeGroup::l4",
        pool: "l4",
        machine: "g6.xlarge",
        count: 1,
        spot: true,
        hourly: 0.4,
        nodes: { min: 0, expected: 0, max: 4 },
        gpuHours: { min: 0, expected: 0, max: 2920 },
        monthlyAtMin: 0,
        monthlyExpected: 0,
        monthlyAtMax: 1168,
      },
    ]);
  });

  test("adds GPUs that are attached to N1, but not built-in ones", () => {
    const pool = (machineType: string, type: string, count: number) => ({
      nodeConfig: {
        machineType,
        diskSizeGb: 0,
        spot: machineType.startsWith("n1"),
        guestAccelerators: [{ type, count }],
      },
      autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 1 },
    });
    const { gpu } = estimate(
      planned("gcp:container/nodePool:NodePool", "t4", pool("n1-standard-4", "nvidia-tesla-t4", 2)),
      planned("gcp:container/nodePool:NodePool", "l4", pool("g2-standard-24", "nvidia-l4", 2)),
    );
    // spot: 0.05 + 2 × 0.15
    expect(gpu.map(({ pool, count, hourly, monthlyAtMax }) => [pool, count, hourly, monthlyAtMax])).toEqual([
      ["l4", 2, 2, 1460],
      ["t4", 2, 0.35, 255.5],
    ]);
  });

  test("counts GKE's nodes per zone, three in a region", () => {
    const pool = {
      nodeConfig: { machineType: "n1-standard-4" },
      autoscaling: { minNodeCount: 1, maxNodeCount: 2 },
    };
    const [cost] = estimate(planned("gcp:container/nodePool:NodePool", "cpu", pool)).byResource;
    expect(cost?.charges[0]?.quantity).toEqual({ min: 3, expected: 3, max: 6 });
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

  test("includes only volumes and load balancers among Kubernetes objects", () => {
    const cluster = planned("aws:eks/cluster:Cluster", "cluster");
    const claim = { spec: { resources: { requests: { storage: "20Gi" } } } };
    const { byResource, unpriced } = estimate(
      cluster,
      planned("kubernetes:apps/v1:Deployment", "deployment", { spec: { replicas: 3 } }),
      planned("kubernetes:core/v1:Service", "inside", { spec: { type: "ClusterIP" } }),
      planned("kubernetes:core/v1:Service", "outside", { spec: { type: "LoadBalancer" } }),
      planned("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "route"),
      planned("kubernetes:core/v1:PersistentVolumeClaim", "claim", claim),
      planned("kubernetes:apps/v1:StatefulSet", "redis", {
        spec: { replicas: 3, volumeClaimTemplates: [claim] },
      }),
    );
    expect(byResource.map(({ name, monthly }) => [name, monthly.expected])).toEqual([
      ["cluster", 73],
      ["redis", 6],
      ["claim", 2],
      ["outside", 22.9], // 730 × 0.03 + 100 GiB × 0.01
    ]);
    expect(unpriced).toEqual([]);
  });

  test("includes what AKS makes for a Gateway: a load balancer and its address", () => {
    const gateway = { spec: { gatewayClassName: "approuting-istio" } };
    const { byResource, unpriced } = estimate(
      planned("azure-native:containerservice:ManagedCluster", "cluster"),
      planned("kubernetes:gateway.networking.k8s.io/v1:Gateway", "entry", gateway),
    );
    expect(byResource.map(({ name, monthly }) => [name, monthly.expected])).toEqual([
      ["entry", 22.4], // 730 × (0.025 + 0.005) + 100 GiB × 0.005
    ]);
    expect(unpriced).toEqual([]);
  });

  test("has the oldest date of the prices used", () => {
    expect(estimate(planned("aws:kms/key:Key", "key")).pricesAsOf).toBe("2025-03-02");
    expect(estimate().pricesAsOf).toBeUndefined();
  });
});

describe("the region of a resource", () => {
  const key = (inputs: Record<string, unknown>, provider?: string): PlannedResource => ({
    ...planned("aws:kms/key:Key", "key", inputs),
    ...(provider === undefined ? {} : { provider }),
  });
  const provider = planned("pulumi:providers:aws", "aws", { region: "eu-central-1" });
  const why = (resources: PlannedResource[]): string[] =>
    estimateCost(resources, { prices }).unpriced.map((gap) => gap.why);

  test("comes from its inputs, else from its provider, else from the only region of the plan", () => {
    expect(why([key({ region: "eu-central-1" })])).toEqual([]);
    expect(why([provider, key({}, `${provider.urn}::an-id`)])).toEqual([]);
    expect(why([provider, key({}, `${provider.urn}::${UNKNOWN}`)])).toEqual([]);
    expect(why([provider, key({})])).toEqual([]);
    expect(why([key({})])).toEqual(["unknown value"]);
    expect(why([provider, key({ region: "ap-south-1" })])).toEqual(["other region"]);
  });

  test("is derived from a zone, and from the display name of an Azure region", () => {
    const pool = { zone: "europe-west4-a", type: "pd-balanced", size: 10 };
    const cluster = { location: "Germany West Central", agentPoolProfiles: [{ vmSize: "Standard_D2s_v5" }] };
    const resources = [
      planned("gcp:compute/disk:Disk", "disk", pool),
      planned("azure-native:containerservice:ManagedCluster", "cluster", cluster),
    ];
    expect(estimateCost(resources, { prices }).unpriced).toEqual([]);
  });
});

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

/** Inputs of any shape, with unknown and secret values in them. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(UNKNOWN, "[secret]", "", "m7i.large", "__proto__", null, -1, NaN, 3, true),
    fc.string(),
    fc.integer(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        "instanceTypes",
        "scalingConfig",
        "minSize",
        "maxSize",
        "settings",
        "sku",
        "name",
        "spec",
        "type",
      ),
      tie("value"),
    ),
  ),
}));
const TYPES = [
  NODES,
  "aws:rds/instance:Instance",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "gcp:container/nodePool:NodePool",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "gcp:cloudrunv2/service:Service",
  "azure-native:containerservice:ManagedCluster",
  "azure-native:containerservice:AgentPool",
  "azure-native:redis:Redis",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "toString",
];
const wild = fc
  .record({
    type: fc.constantFrom(...TYPES),
    name: fc.string(),
    inputs: fc.dictionary(fc.string(), anything.value),
  })
  .map(({ type, name, inputs }) => planned(type, name, inputs));
const group = fc
  .record({ name: fc.stringMatching(/^[a-z]{1,8}$/), min: fc.nat(20), more: fc.nat(20), disk: fc.nat(500) })
  .map(({ name, min, more, disk }) =>
    planned(NODES, name, {
      instanceTypes: ["m7i.large"],
      diskSize: disk,
      scalingConfig: scaling(min, min + more),
    }),
  );

describe("properties", () => {
  test("no input makes it throw, and min ≤ expected ≤ max", () => {
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 5 }), (resources) => {
        const { monthly } = estimateCost(resources, { prices, usage });
        expect(monthly.min).toBeLessThanOrEqual(monthly.expected);
        expect(monthly.expected).toBeLessThanOrEqual(monthly.max);
        expect(Number.isFinite(monthly.max)).toBe(true);
      }),
    );
  });

  test("a required value that is unknown always lands in unpriced, never in the total", () => {
    const types = [
      [NODES, { instanceTypes: [UNKNOWN] }],
      ["aws:elasticache/replicationGroup:ReplicationGroup", { nodeType: UNKNOWN }],
      ["gcp:sql/databaseInstance:DatabaseInstance", { settings: { tier: UNKNOWN } }],
      ["azure-native:containerservice:AgentPool", { vmSize: UNKNOWN, count: 3 }],
      ["azure-native:storage:StorageAccount", { sku: UNKNOWN }],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.dictionary(fc.string(), fc.string()),
        ([type, inputs], more) => {
          const found = estimateCost([planned(type, "it", { ...more, ...inputs })], { prices, usage });
          expect(found.unpriced.map(({ why }) => why)).toEqual(["unknown value"]);
          expect(found.monthly.max).toBe(0);
        },
      ),
    );
  });

  test("the cost of two plans together is the sum of both, to the cent", () => {
    const distinct = fc.uniqueArray(group, { selector: ({ urn }) => urn, minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(distinct, fc.nat(8), (resources, at) => {
        const [a, b, both] = [resources.slice(0, at), resources.slice(at), resources].map((some) =>
          estimate(...some),
        );
        for (const key of ["min", "expected", "max"] as const)
          expect(Math.round(100 * (a!.monthly[key] + b!.monthly[key]))).toBe(
            Math.round(100 * both!.monthly[key]),
          );
      }),
    );
  });

  test("more nodes never cost less, and the order of the plan changes nothing", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(50), (min, more, extra) => {
        const cost = (low: number, high: number) =>
          estimate(planned(NODES, "it", { instanceTypes: ["m7i.large"], scalingConfig: scaling(low, high) }))
            .monthly;
        const [small, large] = [cost(min, min + more), cost(min + extra, min + more + extra)];
        for (const key of ["min", "expected", "max"] as const)
          expect(large[key]).toBeGreaterThanOrEqual(small[key]);
      }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(group, { selector: ({ urn }) => urn, maxLength: 6 }), (resources) => {
        expect(estimate(...[...resources].reverse())).toEqual(estimate(...resources));
      }),
    );
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
