import type { types } from "@pulumi/kubernetes";
import { atLeast } from "./at-least.ts";
import type { ContainerResources } from "./resources.ts";
import { GPU_RESOURCE, GPU_TAINT, GPU_TYPE_LABEL, type GpuType } from "./gpu-types.ts";

type PodSpec = types.input.core.v1.PodSpec;

/** GPUs that one pod requests. */
export interface GpuRequest {
  type: GpuType;
  /** At least 1. @default 1 */
  count?: number;
  /** Labels of the nodes that have the GPU. @default - the label that all GPU pools of Slipway have */
  nodeLabels?: Readonly<Record<string, string>>;
}

/** Key of the taint of Azure's spot nodes. The other clouds do not taint theirs. */
export const AZURE_SPOT_TAINT_KEY = "kubernetes.azure.com/scalesetpriority";

/** Returns the node selector and tolerations of a pod with GPUs: it runs only on nodes with this GPU, and tolerates their taints. */
export function gpuPlacement(gpu: GpuRequest | undefined): Pick<PodSpec, "nodeSelector" | "tolerations"> {
  if (gpu === undefined) return {};
  return {
    nodeSelector: { ...(gpu.nodeLabels ?? { [GPU_TYPE_LABEL]: gpu.type }) },
    tolerations: [
      { key: GPU_TAINT.key, operator: "Exists", effect: GPU_TAINT.effect },
      // The config of a pool decides whether its nodes are spot, so every pod with GPUs tolerates it.
      { key: AZURE_SPOT_TAINT_KEY, operator: "Equal", value: "spot", effect: "NoSchedule" },
    ],
  };
}

/** Adds GPUs to the limits of a container. Kubernetes sets the request to the limit. */
export function withGpus(resources: ContainerResources, gpu: GpuRequest | undefined): ContainerResources {
  if (gpu === undefined) return resources;
  const { count = 1 } = gpu;
  atLeast(1, count, "gpu.count");
  return { ...resources, limits: { ...resources.limits, [GPU_RESOURCE]: String(count) } };
}
