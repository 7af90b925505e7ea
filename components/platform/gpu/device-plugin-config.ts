import { stringify } from "yaml";
import { GPU_RESOURCE, type GpuPool } from "../kubernetes/gpu-types.ts";

/** How a pool shares each GPU between pods. */
export type GpuSharing = Pick<GpuPool, "timeSlicing" | "mig">;

/**
 * Returns the config file of NVIDIA's device plugin. It offers shares as `nvidia.com/gpu`, so that pods request them like whole GPUs.
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
