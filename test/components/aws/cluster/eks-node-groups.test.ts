import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { EksClusterArgs } from "../../../../components/aws/cluster/eks.ts";
import { find, named } from "../../record.ts";
import { recordEks as build } from "./record-eks.ts";

const GROUP = "aws:eks/nodeGroup:NodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

test("each zone has a part of the cpu pool, which the autoscaler knows by its volumes' zone", async () => {
  const { resources } = await build({ cpuPool: { min: 4, max: 10 } });
  const sizes = [
    { minSize: 2, maxSize: 4, desiredSize: 2 },
    { minSize: 1, maxSize: 3, desiredSize: 1 },
    { minSize: 1, maxSize: 3, desiredSize: 1 },
  ];
  for (const [zone, scalingConfig] of sizes.entries()) {
    const group = find(resources, GROUP, `cluster-cpu-${zone}-group`);
    expect(group).toMatchObject({
      subnetIds: [`network-private-${zone}-id`],
      scalingConfig,
      labels: { "slipway.dev/pool": "cpu" },
    });
    const tag = `cluster-cpu-${zone}-tag-label-topology.ebs.csi.aws.com-zone`;
    expect(find(resources, "aws:autoscaling/tag:Tag", tag)).toMatchObject({
      autoscalingGroupName: `eks-cluster-cpu-${zone}-group`,
      tag: {
        key: "k8s.io/cluster-autoscaler/node-template/label/topology.ebs.csi.aws.com/zone",
        value: `eu-central-1${"abc"[zone]}`,
      },
    });
  }
});

test("node groups run the given release of their image, and EKS's newest without one", async () => {
  const release = "1.62.0-1b2c3d4e";
  const { resources } = await build(
    { nodeReleases: { bottlerocket: release } },
    { pool: "l4", type: "nvidia-l4", count: 1, max: 1 },
  );
  for (const group of ["cluster-system-group", "cluster-cpu-0-group", "gpus-nodes-group"])
    expect(find(resources, GROUP, group)).toMatchObject({ releaseVersion: release });
  const standard = await build();
  expect(find(standard.resources, GROUP, "cluster-system-group")).not.toHaveProperty("releaseVersion");
});

test("a node group's name that AWS would refuse is cut and ends in a hash", async () => {
  const pool = "a-pool-with-a-name-of-forty-characters-x";
  const { resources } = await build({}, { pool, type: "nvidia-l4", count: 1, max: 1 }, `cluster-gpu-${pool}`);
  const group = resources.find(({ type, name }) => type === GROUP && name.startsWith("cluster-gpu-"));
  expect(group?.name).toMatch(
    /^cluster-gpu-a-pool-with-a-name-of-forty-characters-?-[0-9a-f]{8}$|^cluster-gpu-.{34}-[0-9a-f]{8}$/,
  );
  expect(group!.name.length).toBeLessThanOrEqual(55); // Pulumi appends 8 of the 63
});

test.each([
  [{ adminCidrs: ["0.0.0.0/0"] }, /adminCidrs must not be the whole internet, got 0\.0\.0\.0\/0/],
  [{ cpuPool: { max: 2 } }, /cluster-cpu: max must be at least 3, got 2: each zone has nodes of its own/],
  [
    { cpuPool: { spotMachines: ["m7a.2xlarge"] } },
    /spotMachines must be left out where spot is false, got m7a/,
  ],
  [
    { cpuPool: { spot: true, spotMachines: ["m7g.2xlarge"] } },
    /spotMachines: must have amd64 processors, as m7i\.2xlarge has, got m7g\.2xlarge/,
  ],
  [{ version: "1.20" }, /version must be one that EKS supports \(1\.34, 1\.35, 1\.36\), got 1\.20/],
  [{ cpuPool: { min: 4, max: 2 } }, /cluster-cpu: max must be at least 4, got 2/],
] as [Partial<EksClusterArgs>, RegExp][])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("pods cannot reach the metadata service of nodes, whose disks are encrypted", async () => {
  const { resources } = await build();
  const template = find(resources, TEMPLATE, "cluster-cpu-0-template");
  expect(template).toMatchObject({
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      // as large as the image
      {
        deviceName: "/dev/xvda",
        ebs: { encrypted: "true", deleteOnTermination: "true", volumeType: "gp3" },
      },
      { deviceName: "/dev/xvdb", ebs: { encrypted: "true", volumeSize: 80 } },
    ],
    tagSpecifications: [
      { resourceType: "instance", tags: { owner: "ml" } },
      { resourceType: "volume", tags: { owner: "ml" } },
      { resourceType: "network-interface", tags: { owner: "ml" } },
    ],
  });
  expect(template).not.toHaveProperty("userData");
});

test("the system pool has a taint, and the sizes of both pools can be set", async () => {
  const { resources } = await build({ cpuPool: { machine: "c7i.4xlarge", spot: true, min: 1, max: 20 } });
  expect(find(resources, GROUP, "cluster-system-group")).toMatchObject({
    amiType: "BOTTLEROCKET_x86_64",
    instanceTypes: ["m7i.large"],
    capacityType: "ON_DEMAND",
    scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 2 },
    labels: { "slipway.dev/pool": "system" },
    taints: [{ key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" }],
  });
  expect(find(resources, GROUP, "cluster-cpu-0-group")).toMatchObject({
    instanceTypes: ["c7i.4xlarge", "c7a.4xlarge", "c6i.4xlarge", "c6a.4xlarge"],
    capacityType: "SPOT",
    scalingConfig: { minSize: 1, maxSize: 7, desiredSize: 1 },
    taints: [],
  });
});

test("a size with only min or max is completed consistently", async () => {
  const { resources } = await build({ systemPool: { min: 6 }, cpuPool: { min: 12 } });
  expect(find(resources, GROUP, "cluster-system-group")).toMatchObject({
    scalingConfig: { minSize: 6, maxSize: 6 },
  });
  for (const zone of [0, 1, 2])
    expect(find(resources, GROUP, `cluster-cpu-${zone}-group`)).toMatchObject({
      scalingConfig: { minSize: 4, maxSize: 4 },
    });
});

test("tags of an empty GPU pool describe its future nodes", async () => {
  const { resources } = await build(
    {},
    {
      pool: "l4",
      type: "nvidia-l4",
      count: 4,
      spot: true,
      max: 3,
      timeSlicing: 2,
    },
  );
  expect(find(resources, GROUP, "gpus-nodes-group")).toMatchObject({
    amiType: "BOTTLEROCKET_x86_64_NVIDIA",
    instanceTypes: ["g6.12xlarge"],
    capacityType: "SPOT",
    scalingConfig: { minSize: 0, maxSize: 3, desiredSize: 0 },
    labels: { "slipway.dev/gpu-type": "nvidia-l4", "slipway.dev/pool": "l4" },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
  });
  const tags = named(resources, "gpus")
    .filter(({ type }) => type === "aws:autoscaling/tag:Tag")
    .map(({ inputs }) => inputs);
  const prefix = "k8s.io/cluster-autoscaler/node-template";
  const tag = (key: string, value: string) => ({
    autoscalingGroupName: "eks-gpus-nodes-group",
    tag: { key: `${prefix}/${key}`, value, propagateAtLaunch: false },
  });
  expect(tags).toEqual([
    tag("label/slipway.dev/gpu-type", "nvidia-l4"),
    tag("label/slipway.dev/pool", "l4"),
    tag("resources/nvidia.com/gpu", "8"),
    tag("taint/nvidia.com/gpu", "present:NoSchedule"),
  ]);
  const { userData } = find(resources, TEMPLATE, "gpus-nodes-template");
  expect(Buffer.from(String(userData), "base64").toString()).toContain("replicas = 2");
});

test("refuses two ways to share a GPU, and a number of GPUs that no machine has", async () => {
  const pool = { pool: "a100", type: "nvidia-a100-40gb", count: 8, max: 1 } as const;
  await expect(build({}, { ...pool, timeSlicing: 2, mig: "1g.5gb" })).rejects.toThrow(
    "gpus: timeSlicing and mig must not go together; keep one",
  );
  await expect(build({}, { ...pool, count: 3 })).rejects.toThrow(/count must be 8/);
});

test("a pool with Graviton machines runs the node image for Arm", async () => {
  const { resources } = await build({
    systemPool: { machine: "t4g.large" },
    cpuPool: { machine: "m7g.2xlarge", spot: true },
  });
  expect(find(resources, GROUP, "cluster-system-group")).toMatchObject({ amiType: "BOTTLEROCKET_ARM_64" });
  expect(find(resources, GROUP, "cluster-cpu-0-group")).toMatchObject({
    amiType: "BOTTLEROCKET_ARM_64",
    instanceTypes: ["m7g.2xlarge", "m6g.2xlarge"],
  });
});

test("a spot pool has the given machine types after its own", async () => {
  const spotMachines = ["m7a.2xlarge", "m6i.2xlarge", "m7i.2xlarge"];
  const { resources } = await build(
    { cpuPool: { spot: true, spotMachines } },
    { pool: "l4", type: "nvidia-l4", count: 1, max: 1, spot: true, spotMachines: ["g6.2xlarge"] },
  );
  expect(find(resources, GROUP, "cluster-cpu-0-group")).toMatchObject({
    instanceTypes: ["m7i.2xlarge", "m7a.2xlarge", "m6i.2xlarge"],
  });
  expect(find(resources, GROUP, "gpus-nodes-group")).toMatchObject({
    instanceTypes: ["g6.xlarge", "g6.2xlarge"],
  });
});

const subnet = { id: pulumi.output("network-private-1-id"), zone: pulumi.output("eu-central-1b") };
const h100 = { pool: "h100", type: "nvidia-h100-80gb", count: 8, max: 2, subnet } as const;

test("a capacity block has its machine in the template, in the zone of the block", async () => {
  const { resources } = await build({}, { ...h100, capacity: { kind: "block", id: "cr-0a1b" } });
  expect(find(resources, TEMPLATE, "gpus-nodes-template")).toMatchObject({
    instanceType: "p5.48xlarge",
    instanceMarketOptions: { marketType: "capacity-block" },
    capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: "cr-0a1b" } },
  });
  const group = find(resources, GROUP, "gpus-nodes-group");
  expect(group).toMatchObject({ capacityType: "CAPACITY_BLOCK", subnetIds: ["network-private-1-id"] });
  expect(group).not.toHaveProperty("instanceTypes");
});

test("a capacity reservation is used on demand", async () => {
  const { resources } = await build({}, { ...h100, capacity: { kind: "reservation", id: "cr-0a1b" } });
  const template = find(resources, TEMPLATE, "gpus-nodes-template");
  expect(template).toHaveProperty("capacityReservationSpecification");
  expect(template).not.toHaveProperty("instanceMarketOptions");
  expect(find(resources, GROUP, "gpus-nodes-group")).toMatchObject({
    capacityType: "ON_DEMAND",
    instanceTypes: ["p5.48xlarge"],
  });
});

test("refuses capacity for spot nodes", async () => {
  await expect(
    build({}, { ...h100, spot: true, capacity: { kind: "block", id: "cr-0a1b" } }),
  ).rejects.toThrow("capacity must go with a subnet and without spot, got cr-0a1b");
});
