import * as pulumi from "@pulumi/pulumi";
import { gpuSettings, offeredGpus } from "./bottlerocket-gpus.ts";
import { gpuMachine } from "../../platform/gpu/gpu-machines.ts";
import {
  GPU_RESOURCE,
  GPU_TAINT,
  GPU_TYPE_LABEL,
  type GpuPool,
  type ReservedCapacity,
} from "../../platform/kubernetes/gpu-types.ts";
import type { AwsSubnet } from "../vpc.ts";
import { EksNodePool, type EksNodeHome } from "./eks-node-pool.ts";

export interface EksGpuNodePoolArgs extends GpuPool {
  home: EksNodeHome;
  /** Name of the pool within the cluster. */
  pool: string;
  /** A capacity reservation or a capacity block of EC2, in the zone of `subnet`. @default - on-demand capacity, or spot */
  capacity?: ReservedCapacity;
  /** The only subnet of the nodes: that in the zone of `capacity`. @default - all subnets of the home */
  subnet?: AwsSubnet;
  /** Further machine types of a spot pool, with the same GPUs. @default - larger sizes with one GPU, if the pool has machines with one */
  spotMachines?: readonly string[];
}

/**
 * A pool of nodes with NVIDIA GPUs, empty while no pod requests one. The nodes run Bottlerocket for NVIDIA, which includes the
 * driver and the device plugin. Its settings share the GPUs of a pool (by time slicing or MIG) before the kubelet starts;
 * Amazon Linux would need a privileged DaemonSet or a boot script for that.
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
        spotMachines: args.spotMachines,
        capacity: args.capacity,
        subnet: args.subnet,
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
