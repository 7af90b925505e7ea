import type { GpuRequest } from "../components/platform/kubernetes/gpu-scheduling.ts";
import type { CloudConnection } from "./connection/connection.ts";

/** Adds the labels of the nodes with this GPU to a request of the config, where the cluster has labels of its own for them. */
export function gpuRequest(
  gpu: GpuRequest | undefined,
  { gpuNodes }: Pick<CloudConnection, "gpuNodes">,
): GpuRequest | undefined {
  return gpu === undefined || gpuNodes === undefined ? gpu : { ...gpu, nodeLabels: gpuNodes(gpu.type) };
}
