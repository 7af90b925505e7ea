import type { GpuPool, GpuType } from "../../platform/kubernetes/gpu-types.ts";
import { migInstances } from "../../platform/gpu/mig-instances.ts";

/** A pool as far as it says how a GPU is shared. */
type Sharing = Pick<GpuPool, "type" | "count" | "timeSlicing" | "mig">;

/**
 * Bottlerocket's settings that share a GPU, as TOML; undefined for whole GPUs. Its own device plugin offers the shares
 * as `nvidia.com/gpu`, so that pods ask for them as for whole ones.
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
      `"${modelOf(type)}" = "${mig}"`,
      "",
    ].join("\n");
  return undefined;
}

/** What a node offers as `nvidia.com/gpu`. */
export function offeredGpus({ type, count, timeSlicing, mig }: Sharing): number {
  return count * (timeSlicing ?? (mig === undefined ? 1 : migInstances(type, mig)));
}

/** `nvidia-a100-40gb` → `a100.40gb`. */
function modelOf(type: GpuType): string {
  return type.replace("nvidia-", "").replace("-", ".");
}
