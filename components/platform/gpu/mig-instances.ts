import type { GpuType } from "../kubernetes/gpu-types.ts";

/** Memory of those GPUs that split, in GB, as their MIG profiles count it. */
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
 * Instances of a MIG profile that one GPU splits into: it has seven slices of compute and eight of memory. Throws for a
 * GPU that does not split, and for a profile that it has not room for.
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html
 */
export function migInstances(type: GpuType, profile: string): number {
  const total = MEMORY_GB[type];
  if (total === undefined) throw new Error(`mig must be left out for ${type}, which does not split`);
  const [compute, memory] = (/^(\d+)g\.(\d+)gb$/.exec(profile) ?? []).slice(1).map(Number);
  if (compute === undefined || memory === undefined || compute === 0)
    throw new Error(`mig must be a profile such as 1g.10gb, got ${profile}`);
  const slices = Math.max(1, Math.round(memory / (total / MEMORY_SLICES)));
  const instances = Math.min(Math.floor(COMPUTE_SLICES / compute), Math.floor(MEMORY_SLICES / slices));
  if (instances === 0) throw new Error(`mig must be a profile that fits into ${type}, got ${profile}`);
  return instances;
}
