import type { types } from "@pulumi/kubernetes";
import { atLeast } from "./at-least.ts";
import type { ContainerResources } from "./resources.ts";
import { GPU_RESOURCE, GPU_TAINT, GPU_TYPE_LABEL, type GpuType } from "./gpu-types.ts";

type PodSpec = types.input.core.v1.PodSpec;

/** GPUs that one pod asks for. */
export interface GpuRequest {
  type: GpuType;
  /** At least 1. @default 1 */
  count?: number;
}

/** Taint of Azure's spot nodes; the other clouds set none. */
const AZURE_SPOT = "kubernetes.azure.com/scalesetpriority";

/** Where a pod with GPUs may run: on nodes of that type alone, past the taint that keeps other pods off them. */
export function gpuPlacement(gpu: GpuRequest | undefined): Pick<PodSpec, "nodeSelector" | "tolerations"> {
  if (gpu === undefined) return {};
  return {
    nodeSelector: { [GPU_TYPE_LABEL]: gpu.type },
    tolerations: [
      { key: GPU_TAINT.key, operator: "Exists", effect: GPU_TAINT.effect },
      // The pool says whether its nodes are spot.
      { key: AZURE_SPOT, operator: "Equal", value: "spot", effect: "NoSchedule" },
    ],
  };
}

/** Adds GPUs to the limits of a container: Kubernetes takes the request from the limit. */
export function withGpus(resources: ContainerResources, gpu: GpuRequest | undefined): ContainerResources {
  if (gpu === undefined) return resources;
  const { count = 1 } = gpu;
  atLeast(1, count, `gpu.count`);
  return { ...resources, limits: { ...resources.limits, [GPU_RESOURCE]: String(count) } };
}
