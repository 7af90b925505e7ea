import type { GpuType } from "../../platform/kubernetes/gpu-types.ts";

/** Memory in GB of a GPU instance, by its number of compute slices. @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html */
const MEMORY: Partial<Record<GpuType, Readonly<Record<number, number>>>> = {
  "nvidia-a100-40gb": { 1: 5, 2: 10, 3: 20, 4: 20, 7: 40 },
  "nvidia-a100-80gb": { 1: 10, 2: 20, 3: 40, 4: 40, 7: 80 },
  "nvidia-h100-80gb": { 1: 10, 2: 20, 3: 40, 4: 40, 7: 80 },
  "nvidia-h100-94gb": { 1: 12, 2: 24, 3: 47, 4: 47, 7: 94 },
  "nvidia-h200-141gb": { 1: 18, 2: 35, 3: 71, 4: 71, 7: 141 },
};

/** Returns AKS' name of a profile of Multi-Instance GPU: `1g.10gb` is MIG1g. Throws if the GPU does not have the profile. @see https://learn.microsoft.com/azure/aks/gpu-multi-instance */
export function aksGpuInstanceProfile(type: GpuType, mig: string, what: string): string {
  const profiles = Object.entries(MEMORY[type] ?? {}).map(([slices, gb]) => `${slices}g.${gb}gb`);
  if (profiles.length === 0) throw new Error(`${what} must be left out: ${type} cannot be split, got ${mig}`);
  if (!profiles.includes(mig))
    throw new Error(`${what} must be one of ${profiles.join(", ")} for ${type}, got ${mig}`);
  return `MIG${mig.split(".", 1).join("")}`;
}
