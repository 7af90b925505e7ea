import { stringify } from "yaml";
import { GPU_RESOURCE, type GpuPool } from "../kubernetes/gpu-types.ts";

/** How a pool shares its GPUs. */
export type GpuSharing = Pick<GpuPool, "timeSlicing" | "mig">;

/**
 * Config file of NVIDIA's device plugin. Shares are offered as `nvidia.com/gpu`, so that pods ask for them as for whole
 * GPUs.
 * @see https://github.com/NVIDIA/k8s-device-plugin#configuration-option-details
 */
export function devicePluginConfig({ timeSlicing, mig }: GpuSharing): string {
  return stringify({
    version: "v1",
    flags: { migStrategy: mig === undefined ? "none" : "single", failOnInitError: false },
    ...(timeSlicing === undefined
      ? {}
      : {
          sharing: {
            timeSlicing: {
              renameByDefault: false,
              resources: [{ name: GPU_RESOURCE, replicas: timeSlicing }],
            },
          },
        }),
  });
}
