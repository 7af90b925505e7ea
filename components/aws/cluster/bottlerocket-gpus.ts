import type { GpuPool, GpuType } from "../../platform/kubernetes/gpu-types.ts";
import { migInstances } from "../../platform/gpu/mig-instances.ts";

/** The part of a GPU pool that says how its GPUs are shared. */
type Sharing = Pick<GpuPool, "type" | "count" | "timeSlicing" | "mig">;

/**
 * Returns the Bottlerocket settings that share a GPU, as TOML; undefined for whole GPUs. Bottlerocket's device plugin offers
 * each share as one `nvidia.com/gpu`, so pods request shares and whole GPUs in the same way.
 * @see https://bottlerocket.dev/en/os/latest/#/api/settings/kubelet-device-plugins/
 */
export function gpuSettings({ type, timeSlicing, mig }: Sharing): string | undefined {
  if (timeSlicing !== undefined)
    return [
      "[settings.kubelet-device-plugins.nvidia]",
      'device-sharing-strategy = "time-slicing"',
      "",
      "[settings.kubelet-device-plugins.nvidia.time-slicing]",
      `replicas = ${timeSlicing}`,
      "rename-by-default = false",
      "",
    ].join("\n");
  if (mig !== undefined)
    return [
      "[settings.kubelet-device-plugins.nvidia]",
      'device-partitioning-strategy = "mig"',
      "",
      "[settings.kubelet-device-plugins.nvidia.mig.profile]",
      `"${bottlerocketModel(type)}" = "${mig}"`,
      "",
    ].join("\n");
  return undefined;
}

/** Number of `nvidia.com/gpu` that one node offers. */
export function offeredGpus({ type, count, timeSlicing, mig }: Sharing): number {
  return count * (timeSlicing ?? (mig === undefined ? 1 : migInstances(type, mig)));
}

/** Bottlerocket's name of a GPU: `nvidia-a100-40gb` → `a100.40gb`. */
function bottlerocketModel(type: GpuType): string {
  return type.replace("nvidia-", "").replace("-", ".");
}
