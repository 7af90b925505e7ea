import { expect, test } from "vitest";
import { find } from "../../record.ts";
import { aksResources, CLUSTER, POOL } from "./build-aks.ts";

test("gives a GPU pool its machine, driver, instances, labels and taints, and lets it shrink to zero", async () => {
  const resources = await aksResources({
    gpuPools: {
      "a100-spot": { type: "nvidia-a100-80gb", count: 2, spot: true, max: 4, mig: "1g.10gb" },
      t4: { type: "nvidia-t4", count: 1, min: 1, max: 2, timeSlicing: 4 },
    },
  });
  expect(find(resources, POOL, "cluster-a100-spot-pool")).toMatchObject({
    agentPoolName: expect.stringMatching(/^a100spot[0-9a-f]{4}$/) as string,
    vmSize: "Standard_NC48ads_A100_v4",
    minCount: 0,
    maxCount: 4,
    gpuProfile: { driver: "Install" },
    gpuInstanceProfile: "MIG1g",
    enableEncryptionAtHost: true,
    scaleSetPriority: "Spot",
    scaleSetEvictionPolicy: "Delete",
    spotMaxPrice: -1,
    nodeLabels: {
      "slipway.dev/pool": "a100-spot",
      "slipway.dev/gpu-type": "nvidia-a100-80gb",
      "kubernetes.azure.com/scalesetpriority": "spot",
    },
    nodeTaints: [
      "nvidia.com/gpu=present:NoSchedule",
      "kubernetes.azure.com/scalesetpriority=spot:NoSchedule",
    ],
  });
  const t4 = find(resources, POOL, "cluster-t4-pool");
  expect(t4).toMatchObject({ vmSize: "Standard_NC4as_T4_v3", minCount: 1 });
  expect(t4).not.toHaveProperty("scaleSetPriority");
  expect(t4).not.toHaveProperty("gpuInstanceProfile");
});

test("spreads nodes over the zones of the cluster, and a GPU pool over its own", async () => {
  const pools = await aksResources({
    zones: ["1", "2"],
    gpuPools: { t4: { type: "nvidia-t4", count: 1, max: 2, zones: ["2"] } },
  });
  expect(find(pools, POOL, "cluster-cpu-pool")["availabilityZones"]).toEqual(["1", "2"]);
  expect(find(pools, POOL, "cluster-t4-pool")["availabilityZones"]).toEqual(["2"]);
  const without = await aksResources({ zones: [] });
  expect(find(without, POOL, "cluster-cpu-pool")).not.toHaveProperty("availabilityZones");
  expect(JSON.stringify(find(without, CLUSTER, "cluster-cluster"))).not.toContain("availabilityZones");
});

test.each(["systemPool", "cpuPool"] as const)(
  "refuses spot nodes in the %s pool, where no pod could go",
  async (pool) => {
    await expect(aksResources({ [pool]: { spot: true } })).rejects.toThrow(
      `cluster: ${pool}.spot must be false, got true`,
    );
  },
);

test("pools with Arm machines have no Trusted Launch", async () => {
  const resources = await aksResources({
    systemPool: { machine: "Standard_D4ps_v6" },
    cpuPool: { machine: "Standard_D8pds_v6" },
  });
  const { agentPoolProfiles } = find(resources, CLUSTER, "cluster-cluster") as {
    agentPoolProfiles: Record<string, unknown>[];
  };
  expect(agentPoolProfiles[0]).toMatchObject({ vmSize: "Standard_D4ps_v6", osSKU: "AzureLinux" });
  expect(agentPoolProfiles[0]).not.toHaveProperty("securityProfile");
  expect(find(resources, POOL, "cluster-cpu-pool")).not.toHaveProperty("securityProfile");
});

test("a pool with reserved capacity is in its capacity reservation group", async () => {
  const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/gpus";
  const a100 = { type: "nvidia-a100-80gb", count: 1, max: 2, capacity: { kind: "reservation", id } } as const;
  const resources = await aksResources({ gpuPools: { a100 } });
  expect(find(resources, POOL, "cluster-a100-pool")).toMatchObject({ capacityReservationGroupID: id });
  await expect(aksResources({ gpuPools: { a100: { ...a100, spot: true } } })).rejects.toThrow(
    "cluster-a100: capacity must be left out where spot is true",
  );
});
