import * as pulumi from "@pulumi/pulumi";
import { gpuSettings, offeredGpus } from "./bottlerocket-gpus.ts";
import { gpuMachine } from "../../platform/gpu/gpu-machines.ts";
import {
  GPU_RESOURCE,
  GPU_TAINT,
  GPU_TYPE_LABEL,
  type GpuPool,
} from "../../platform/kubernetes/gpu-types.ts";
import { EksNodePool, type EksNodeHome } from "./eks-node-pool.ts";

export interface EksGpuNodePoolArgs extends GpuPool {
  home: EksNodeHome;
  /** Name within the cluster. */
  pool: string;
}

/**
 * Nodes with NVIDIA GPUs, none while nobody asks for one. They run Bottlerocket for NVIDIA: it brings the driver and the
 * device plugin, and shares a GPU (by time slicing or MIG) as its settings say, pool by pool and before the kubelet
 * starts. On Amazon Linux that takes a privileged DaemonSet or a script that runs at boot.
 *
 * @example
 * new EksGpuNodePool("cluster-gpu-l4", {
 *   home: cluster.nodes, pool: "l4", type: "nvidia-l4", count: 1, spot: true, max: 4, timeSlicing: 2,
 * });
 */
export class EksGpuNodePool extends pulumi.ComponentResource {
  constructor(name: string, args: EksGpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksGpuNodePool", name, {}, opts);
    const { home, pool, type, count, min, max, spot, diskGib = 200, timeSlicing, mig } = args;
    if (timeSlicing !== undefined && mig !== undefined)
      throw new Error(`${name}: timeSlicing and mig must not go together; keep one`);
    new EksNodePool(
      `${name}-nodes`,
      {
        home,
        pool,
        machine: gpuMachine("aws", type, count).machine,
        min,
        max,
        spot,
        diskGib,
        system: "bottlerocket-nvidia",
        settings: gpuSettings({ type, count, timeSlicing, mig }),
        labels: { [GPU_TYPE_LABEL]: type },
        taints: [GPU_TAINT],
        resources: { [GPU_RESOURCE]: offeredGpus({ type, count, timeSlicing, mig }) },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
