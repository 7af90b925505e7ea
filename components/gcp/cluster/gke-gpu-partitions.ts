import type { GpuType } from "../../platform/kubernetes/gpu-types.ts";

/** Partition sizes that GKE offers for each GPU. @see https://cloud.google.com/kubernetes-engine/docs/how-to/gpus-multi */
const PARTITIONS: Partial<Record<GpuType, readonly string[]>> = {
  "nvidia-a100-40gb": ["1g.5gb", "2g.10gb", "3g.20gb", "7g.40gb"],
  "nvidia-a100-80gb": ["1g.10gb", "2g.20gb", "3g.40gb", "7g.80gb"],
  "nvidia-h100-80gb": ["1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "7g.80gb"],
  "nvidia-h200-141gb": ["1g.18gb", "1g.35gb", "2g.35gb", "3g.71gb", "7g.141gb"],
};

/** Most pods that can share a GPU by time slicing. @see https://cloud.google.com/kubernetes-engine/docs/how-to/timesharing-gpus */
export const MAX_SHARED_CLIENTS = 48;

/** Returns `mig` if GKE offers this partition of the GPU. Otherwise throws with the partitions that GKE offers. */
export function gpuPartition(type: GpuType, mig: string, owner: string): string {
  const partitions = PARTITIONS[type];
  if (partitions === undefined)
    throw new Error(`${owner}: mig must be left out for ${type}, which GKE cannot partition, got ${mig}`);
  if (!partitions.includes(mig))
    throw new Error(`${owner}: mig must be one of ${partitions.join(", ")} for ${type}, got ${mig}`);
  return mig;
}
