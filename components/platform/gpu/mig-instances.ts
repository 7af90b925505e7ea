import type { GpuType } from "../kubernetes/gpu-types.ts";

/** Memory in GB of the GPUs that split, as their MIG profiles count it. */
const MEMORY_GB: Partial<Record<GpuType, number>> = {
  "nvidia-a100-40gb": 40,
  "nvidia-a100-80gb": 80,
  "nvidia-h100-80gb": 80,
  "nvidia-h100-94gb": 94,
  "nvidia-h200-141gb": 141,
};

const COMPUTE_SLICES = 7;
const MEMORY_SLICES = 8;

/**
 * Returns the number of instances of a MIG profile into which one GPU splits. A GPU has seven compute slices and eight memory slices.
 * Throws for a GPU that does not split, and for a profile that is too large for the GPU.
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html
 */
export function migInstances(type: GpuType, profile: string): number {
  const memoryGb = MEMORY_GB[type];
  if (memoryGb === undefined) throw new Error(`mig must be left out for ${type}, which does not split`);
  const [compute, memory] = (/^(\d+)g\.(\d+)gb$/.exec(profile) ?? []).slice(1).map(Number);
  if (compute === undefined || memory === undefined || compute === 0)
    throw new Error(`mig must be a profile such as 1g.10gb, got ${profile}`);
  const slices = Math.max(1, Math.round(memory / (memoryGb / MEMORY_SLICES)));
  const instances = Math.min(Math.floor(COMPUTE_SLICES / compute), Math.floor(MEMORY_SLICES / slices));
  if (instances === 0) throw new Error(`mig must be a profile that fits into ${type}, got ${profile}`);
  return instances;
}
