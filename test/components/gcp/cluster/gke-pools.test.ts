import { expect, test } from "vitest";
import { find, type Recorded } from "../../record.ts";
import { pool, project, recordGke as build } from "./record-gke.ts";

test("nodes are shielded and private, and their account can only write logs and metrics", async () => {
  const { resources } = await build({
    gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 2 } },
    tpuPools: { v5e: { machine: "ct5lp-hightpu-4t", topology: "2x2", max: 2 } },
  });
  expect(find(resources, "gcp:projects/iAMMember:IAMMember", "cluster-nodes-role")).toEqual({
    project,
    role: "roles/container.defaultNodeServiceAccount",
    member: "serviceAccount:cluster-nodes-auto@acme-ml.iam.gserviceaccount.com",
  });
  for (const name of ["system", "cpu", "gpu-l4", "tpu-v5e"])
    expect(pool(resources, name), name).toMatchObject({
      cluster: "cluster-gke-id",
      networkConfig: { enablePrivateNodes: true },
      management: { autoRepair: true, autoUpgrade: true },
      nodeConfig: {
        imageType: "COS_CONTAINERD",
        serviceAccount: "cluster-nodes-auto@acme-ml.iam.gserviceaccount.com",
        bootDiskKmsKey: "key-key-id",
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
        labels: { "slipway.dev/pool": name.replace(/^.pu-/, "") },
      },
    });
});

test("pools without GPUs have the defaults that their arguments state", async () => {
  const { resources } = await build({ cpuPool: { max: 9, spot: true, machine: "c3-standard-8" } });
  expect(pool(resources, "system")).toMatchObject({
    initialNodeCount: 1,
    autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 3, locationPolicy: "BALANCED" },
    nodeConfig: { machineType: "e2-standard-4", diskSizeGb: 50, diskType: "pd-balanced", spot: false },
  });
  expect(pool(resources, "cpu")).toMatchObject({
    autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 9, locationPolicy: "ANY" },
    nodeConfig: { machineType: "c3-standard-8", diskSizeGb: 60, spot: true },
  });
});

test("the disks of a first day fit the SSD quota of a fresh project, 500 GB, with a volume of 50", async () => {
  const { resources } = await build();
  const disks = ["system", "cpu"].map((name) => {
    const { initialNodeCount, nodeConfig } = pool(resources, name) as {
      initialNodeCount: number;
      nodeConfig: { diskSizeGb: number };
    };
    return 3 * initialNodeCount * nodeConfig.diskSizeGb;
  });
  expect(disks.reduce((sum, disk) => sum + disk, 50)).toBeLessThanOrEqual(400);
});

test("a GPU pool starts empty, with labels, a taint and Google's driver", async () => {
  const { resources } = await build({
    gpuPools: { l4: { type: "nvidia-l4", count: 2, max: 4, spot: true } },
  });
  expect(pool(resources, "gpu-l4")).toMatchObject({
    nodeLocations: ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
    initialNodeCount: 0,
    autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 4, locationPolicy: "ANY" },
    upgradeSettings: { strategy: "SURGE", maxSurge: 0, maxUnavailable: 1 },
  });
  expect(pool(resources, "gpu-l4")["nodeConfig"]).toMatchObject({
    machineType: "g2-standard-24",
    diskSizeGb: 200,
    spot: true,
    labels: { "slipway.dev/gpu-type": "nvidia-l4", "slipway.dev/pool": "l4" },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
    guestAccelerators: [
      { type: "nvidia-l4", count: 2, gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" } },
    ],
  });
});

test("a GPU pool is only in the zones that have its GPU, or in those of its settings", async () => {
  const { resources } = await build({
    gpuPools: {
      a100: { type: "nvidia-a100-80gb", count: 1, min: 1, max: 2 },
      own: { type: "nvidia-l4", count: 1, max: 2, zones: ["europe-west4-c"] },
    },
  });
  expect(pool(resources, "gpu-a100")).toMatchObject({
    nodeLocations: ["europe-west4-a"],
    initialNodeCount: 1,
  });
  expect(pool(resources, "gpu-own")).toMatchObject({ nodeLocations: ["europe-west4-c"] });
});

const accelerator = (resources: readonly Recorded[]): unknown =>
  (pool(resources, "gpu-gpu")["nodeConfig"] as { guestAccelerators: unknown[] }).guestAccelerators[0];

test("supports time slicing", async () => {
  const { resources } = await build({
    gpuPools: { gpu: { type: "nvidia-t4", count: 1, max: 1, timeSlicing: 4 } },
  });
  expect(accelerator(resources)).toEqual({
    type: "nvidia-tesla-t4",
    count: 1,
    gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" },
    gpuSharingConfig: { gpuSharingStrategy: "TIME_SHARING", maxSharedClientsPerGpu: 4 },
  });
});

test("supports GPU partitions", async () => {
  const { resources } = await build({
    gpuPools: { gpu: { type: "nvidia-a100-40gb", count: 1, max: 1, mig: "1g.5gb" } },
  });
  expect(accelerator(resources)).toEqual({
    type: "nvidia-tesla-a100",
    count: 1,
    gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" },
    gpuPartitionSize: "1g.5gb",
  });
});

test("H200 machines boot from Hyperdisk", async () => {
  const { resources } = await build({
    gpuPools: { gpu: { type: "nvidia-h200-141gb", count: 8, max: 1 } },
  });
  expect(pool(resources, "gpu-gpu")).toMatchObject({ nodeConfig: { diskType: "hyperdisk-balanced" } });
});

test("a TPU slice on one node scales by nodes; a larger slice has a placement policy, and all nodes or none", async () => {
  const { resources } = await build({
    tpuPools: {
      one: { machine: "ct5lp-hightpu-4t", topology: "2x2", max: 3 },
      many: { machine: "ct5lp-hightpu-4t", topology: "4x4", max: 4, zone: "europe-west4-b" },
    },
  });
  expect(pool(resources, "tpu-one")["placementPolicy"]).toBeUndefined();
  expect(pool(resources, "tpu-one")).toMatchObject({
    autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 3 },
  });
  expect(pool(resources, "tpu-many")).toMatchObject({
    nodeLocations: ["europe-west4-b"],
    placementPolicy: { type: "COMPACT", tpuTopology: "4x4" },
    autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 4 },
    nodeConfig: { machineType: "ct5lp-hightpu-4t" },
  });
});

test("a pool with Axion machines takes pods without a toleration, and boots from Hyperdisk", async () => {
  const { resources } = await build({ cpuPool: { machine: "c4a-standard-8" } });
  expect(pool(resources, "cpu")).toMatchObject({
    nodeConfig: {
      machineType: "c4a-standard-8",
      diskType: "hyperdisk-balanced",
      taintConfig: { architectureTaintBehavior: "NONE" },
    },
  });
  expect(pool(resources, "system")["nodeConfig"]).not.toHaveProperty("taintConfig");
});

test("a pool with flex-start waits for capacity, in machines with fewer H100 than are sold on demand", async () => {
  const h100 = { type: "nvidia-h100-80gb", count: 1, max: 4 } as const;
  const { resources } = await build({
    gpuPools: {
      wait: { ...h100, capacity: { kind: "flex-start", maxRunHours: 24 } },
      own: { ...h100, count: 8, capacity: { kind: "reservation", id: "h100-2026" } },
    },
  });
  const waiting = pool(resources, "gpu-wait");
  expect(waiting).toMatchObject({
    management: { autoRepair: false, autoUpgrade: true },
    autoscaling: { totalMinNodeCount: 0, locationPolicy: "ANY" },
    nodeConfig: {
      machineType: "a3-highgpu-1g",
      spot: false,
      flexStart: true,
      maxRunDuration: "86400s",
      reservationAffinity: { consumeReservationType: "NO_RESERVATION" },
    },
  });
  expect(waiting).not.toHaveProperty("upgradeSettings");
  expect(pool(resources, "gpu-own")).toMatchObject({
    nodeConfig: {
      reservationAffinity: {
        consumeReservationType: "SPECIFIC_RESERVATION",
        key: "compute.googleapis.com/reservation-name",
        values: ["h100-2026"],
      },
    },
  });
  await expect(
    build({ gpuPools: { wait: { ...h100, min: 1, capacity: { kind: "flex-start" } } } }),
  ).rejects.toThrow("cluster-gpu-wait: min must be 0 where capacity is flex-start, whose nodes end, got 1");
  await expect(
    build({ gpuPools: { wait: { ...h100, spot: true, capacity: { kind: "flex-start" } } } }),
  ).rejects.toThrow("cluster-gpu-wait: capacity must be left out where spot is true, got flex-start");
});
