import type { GpuType } from "../../../components/platform/kubernetes/gpu-types.ts";
import type { GpuPoolsConfig, ManagedClusterConfig } from "./cluster.ts";

/** Returns the types of GPUs that nodes of a cluster can have: those of its GPU pools, and those that it may provision by itself. */
export function clusterGpuTypes({
  gpuPools,
  nodeAutoProvisioning,
}: {
  gpuPools: GpuPoolsConfig;
  nodeAutoProvisioning?: ManagedClusterConfig["nodeAutoProvisioning"];
}): GpuType[] {
  const types = [
    ...Object.values(gpuPools).map(({ type }) => type),
    ...(Object.keys(nodeAutoProvisioning?.maxGpus ?? {}) as GpuType[]),
  ];
  return [...new Set(types)];
}
