import * as pulumi from "@pulumi/pulumi";
import { gpuMachine } from "../../platform/gpu/gpu-machines.ts";
import {
  GPU_TAINT,
  GPU_TYPE_LABEL,
  POOL_LABEL,
  type GpuPool,
  type ReservedCapacity,
} from "../../platform/kubernetes/gpu-types.ts";
import { aksGpuInstanceProfile } from "./aks-gpu-instances.ts";
import { aksPool, type AksPoolHome } from "./aks-pool.ts";

export interface AksGpuNodePoolArgs extends AksPoolHome, GpuPool {
  /** Name of the pool in the config: value of the nodes' label `slipway.dev/pool`. */
  label: string;
  /** Capacity reservation group, by its id. @default - on-demand capacity, or spot */
  capacity?: ReservedCapacity;
}

/**
 * A pool of nodes with GPUs. AKS installs NVIDIA's driver, and splits the GPUs where `mig` is set. Only pods that ask for a
 * GPU run there; without such pods the pool shrinks to `min`. The device plugin does time slicing.
 *
 * @example
 * new AksGpuNodePool("cluster-a100", { ...pool, label: "a100", type: "nvidia-a100-80gb", count: 1, spot: true, max: 4 });
 */
export class AksGpuNodePool extends pulumi.ComponentResource {
  constructor(name: string, args: AksGpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:AksGpuNodePool", name, {}, opts);
    const { type, count, spot = false, min = 0, max, diskGib = 200, mig, timeSlicing, label } = args;
    const { machine } = gpuMachine("azure", type, count);
    if (mig !== undefined && timeSlicing !== undefined)
      throw new Error(`${name}: mig must be left out where timeSlicing is set, got ${mig}; keep one`);
    if (args.capacity !== undefined && spot)
      throw new Error(`${name}: capacity must be left out where spot is true, got ${args.capacity.id}`);
    aksPool(
      name,
      args,
      {
        machine,
        spot,
        min,
        max,
        diskGib,
        minDiskGib: 50,
        osSKU: "Ubuntu", // AKS has drivers for every GPU there, and for few GPUs on Azure Linux
        labels: { [POOL_LABEL]: label, [GPU_TYPE_LABEL]: type },
        taints: [`${GPU_TAINT.key}=${GPU_TAINT.value}:${GPU_TAINT.effect}`],
      },
      {
        gpuProfile: { driver: "Install" },
        capacityReservationGroupID: args.capacity?.id,
        gpuInstanceProfile: mig === undefined ? undefined : aksGpuInstanceProfile(type, mig, `${name}: mig`),
      },
      this,
    );
    this.registerOutputs({});
  }
}
