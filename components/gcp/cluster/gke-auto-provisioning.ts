import type { types } from "@pulumi/gcp";
import { gpuMachinesOf } from "../../platform/gpu/gpu-machines.ts";
import type { GpuType } from "../../platform/kubernetes/gpu-types.ts";
import type { AutoProvisioning } from "../../platform/nodes/auto-provisioning.ts";
import type { GkeNodeIdentity } from "./gke-node-config.ts";

type ClusterAutoscaling = types.input.container.ClusterClusterAutoscaling;

/** Label of nodes with GPUs, which GKE sets on every pool, and reads from pods to provision a pool. */
export const GKE_ACCELERATOR_LABEL = "cloud.google.com/gke-accelerator";

/**
 * Returns the settings of node auto-provisioning. The limits count all nodes of the cluster. The pools that GKE creates have the
 * hardening of the others.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/node-auto-provisioning
 */
export function autoProvisioning(
  { maxVcpus, maxMemoryGib, maxGpus = {} }: AutoProvisioning,
  { serviceAccount, diskKey }: GkeNodeIdentity,
  zones: readonly string[] | undefined,
): ClusterAutoscaling {
  return {
    enabled: true,
    resourceLimits: [
      { resourceType: "cpu", minimum: 0, maximum: maxVcpus },
      { resourceType: "memory", minimum: 0, maximum: maxMemoryGib },
      ...(Object.entries(maxGpus) as [GpuType, number][]).map(([type, maximum]) => ({
        resourceType: gkeAccelerator(type),
        minimum: 0,
        maximum,
      })),
    ],
    ...(zones === undefined ? {} : { autoProvisioningLocations: [...zones] }),
    autoProvisioningDefaults: {
      serviceAccount,
      oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
      bootDiskKmsKey: diskKey,
      diskSize: 100,
      imageType: "COS_CONTAINERD",
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
    },
  };
}

/** Returns Google's name of a GPU. Throws if Google Cloud does not have it. */
export function gkeAccelerator(type: GpuType): string {
  const accelerator = gpuMachinesOf("gcp", type)[0]?.accelerator;
  if (accelerator === undefined)
    throw new Error(`maxGpus: type must be a GPU that Google Cloud has, got ${type}`);
  return accelerator;
}
