import { expect, test } from "vitest";
import { AksAutoNodes } from "../../../../components/azure/cluster/aks-auto-nodes.ts";
import { Aks } from "../../../../components/azure/cluster/aks.ts";
import { find, record } from "../../record.ts";
import { azureStage, place, workspaceId } from "../azure-stage.ts";

const CLASS = "kubernetes:karpenter.azure.com/v1beta1:AKSNodeClass";
const NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool";

test("a cluster with auto-provisioning has pools of a fixed size, and none of the default pools", async () => {
  const { resources } = await record(
    () =>
      new Aks("cluster", {
        ...place,
        ...azureStage(),
        workspaceId,
        adminGroups: ["a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33"],
        autoProvisioning: true,
        cpuPool: { min: 3 },
      }),
  );
  const cluster = find(resources, "azure-native:containerservice:ManagedCluster", "cluster-cluster") as {
    agentPoolProfiles: Record<string, unknown>[];
  };
  expect(cluster).toMatchObject({ nodeProvisioningProfile: { mode: "Auto", defaultNodePools: "None" } });
  expect(cluster).not.toHaveProperty("autoScalerProfile");
  const pool = find(resources, "azure-native:containerservice:AgentPool", "cluster-cpu-pool");
  expect(cluster.agentPoolProfiles[0]).toMatchObject({ enableAutoScaling: false, count: 2 });
  expect(pool).toMatchObject({ enableAutoScaling: false, count: 3 });
  for (const fixed of [cluster.agentPoolProfiles[0]!, pool]) expect(fixed).not.toHaveProperty("maxCount");
});

test("the pools of auto-provisioning have limits, and Ubuntu where they have GPUs", async () => {
  const { resources } = await record(
    () =>
      new AksAutoNodes("auto", {
        tags: { owner: "ml" },
        maxVcpus: 64,
        maxMemoryGib: 256,
        maxGpus: { "nvidia-a100-80gb": 2 },
      }),
  );
  expect(find(resources, CLASS, "auto-general-class")).toMatchObject({
    spec: {
      imageFamily: "AzureLinux",
      osDiskSizeGB: 128,
      tags: { owner: "ml" },
      security: { encryptionAtHost: true },
    },
  });
  expect(find(resources, CLASS, "auto-gpu-class")).toMatchObject({ spec: { imageFamily: "Ubuntu" } });
  expect(find(resources, NODE_POOL, "auto-auto-pool")).toMatchObject({
    spec: {
      limits: { cpu: 64, memory: "256Gi" },
      template: {
        spec: {
          nodeClassRef: { group: "karpenter.azure.com", kind: "AKSNodeClass", name: "slipway-general" },
          requirements: [
            { key: "kubernetes.io/os" },
            { key: "kubernetes.io/arch", values: ["amd64"] },
            { key: "karpenter.sh/capacity-type", values: ["on-demand"] },
            { key: "karpenter.azure.com/sku-family", values: ["D", "E", "F"] },
          ],
        },
      },
    },
  });
  expect(find(resources, NODE_POOL, "auto-auto-nvidia-a100-80gb-pool")).toMatchObject({
    spec: {
      template: {
        spec: {
          nodeClassRef: { name: "slipway-gpu" },
          requirements: [
            { key: "kubernetes.io/os" },
            { values: ["Standard_NC24ads_A100_v4", "Standard_NC48ads_A100_v4"] },
            { key: "karpenter.sh/capacity-type" },
          ],
        },
      },
    },
  });
});
