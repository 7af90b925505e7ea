import { gpuMachinesOf, type Cloud } from "../gpu/gpu-machines.ts";
import type { Architecture } from "../kubernetes/architecture.ts";
import { GPU_RESOURCE, GPU_TAINT, GPU_TYPE_LABEL, type GpuType } from "../kubernetes/gpu-types.ts";
import {
  ARCHITECTURE_LABEL,
  CAPACITY_TYPE_LABEL,
  MACHINE_LABEL,
  type KarpenterNodePoolArgs,
  type NodeRequirement,
} from "./karpenter-node-pool.ts";

/** Limits of the nodes that a cluster creates for pending pods by itself. Its fields mean the same on every cloud. */
export interface AutoProvisioning {
  /** Greatest sum of vCPUs. */
  maxVcpus: number;
  /** Greatest sum of memory in GiB. */
  maxMemoryGib: number;
  /** Greatest number of GPUs by type. @default - no machines with GPUs */
  maxGpus?: Partial<Record<GpuType, number>>;
  /** Take cheaper nodes that the cloud may take back, and others where it has none. @default false */
  spot?: boolean;
}

type PoolArgs = Omit<KarpenterNodePoolArgs, "nodeClass">;

/** Returns the settings of a pool for pods without GPUs. `families` restricts it to general machines of the cloud. */
export function generalPool(
  { maxVcpus, maxMemoryGib, spot = false }: AutoProvisioning,
  architecture: Architecture,
  families: readonly NodeRequirement[],
): PoolArgs {
  return {
    pool: "auto",
    requirements: [
      { key: ARCHITECTURE_LABEL, operator: "In", values: [architecture] },
      capacityType(spot),
      ...families,
    ],
    limits: { cpu: maxVcpus, memory: `${maxMemoryGib}Gi` },
  };
}

/** Returns the settings of a pool for each type of GPU. Only pods that request a GPU run there. */
export function gpuPools(cloud: Cloud, { maxGpus = {}, spot = false }: AutoProvisioning): PoolArgs[] {
  return (Object.entries(maxGpus) as [GpuType, number][]).map(([type, max]) => ({
    pool: autoGpuPool(type),
    requirements: [
      {
        key: MACHINE_LABEL,
        operator: "In",
        values: gpuMachinesOf(cloud, type)
          .filter(({ gpus }) => gpus <= max)
          .map(({ machine }) => machine),
      },
      capacityType(spot),
    ],
    limits: { [GPU_RESOURCE]: max },
    labels: { [GPU_TYPE_LABEL]: type },
    taints: [GPU_TAINT],
  }));
}

/** Returns the name of the pool that is created for a type of GPU. */
export function autoGpuPool(type: GpuType): string {
  return `auto-${type}`;
}

function capacityType(spot: boolean): NodeRequirement {
  return { key: CAPACITY_TYPE_LABEL, operator: "In", values: spot ? ["spot", "on-demand"] : ["on-demand"] };
}
