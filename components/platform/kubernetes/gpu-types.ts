/** GPUs by a name that is the same on every cloud: the product, with its memory if it is sold with several sizes. */
export const GPU_TYPES = [
  "nvidia-t4",
  "nvidia-a10g",
  "nvidia-a10",
  "nvidia-l4",
  "nvidia-l40s",
  "nvidia-v100",
  "nvidia-a100-40gb",
  "nvidia-a100-80gb",
  "nvidia-h100-80gb",
  "nvidia-h100-94gb",
  "nvidia-h200-141gb",
] as const;
export type GpuType = (typeof GPU_TYPES)[number];

/** GPUs that split into instances (Multi-Instance GPU). @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ */
export const MIG_TYPES: readonly GpuType[] = [
  "nvidia-a100-40gb",
  "nvidia-a100-80gb",
  "nvidia-h100-80gb",
  "nvidia-h100-94gb",
  "nvidia-h200-141gb",
];

/** Capacity of a cloud that is set aside for a pool. */
export interface ReservedCapacity {
  /** `reservation`: reserved without an end, paid also while idle. `block`: capacity block of AWS, paid in advance for some days. */
  kind: "reservation" | "block";
  /** Id of the reservation on AWS, name on Google Cloud, id of a capacity reservation group on Azure. */
  id: string;
}

/** Capacity that Google gives when it has some: nodes wait for it, and end after a time. */
export interface FlexStart {
  kind: "flex-start";
  /** Hours that a node may run; at most 168. @default 168 */
  maxRunHours?: number;
}

/** A pool of nodes with GPUs. Its fields mean the same on every cloud. */
export interface GpuPool {
  type: GpuType;
  /** GPUs of each node. The cloud must have a machine with exactly this number. */
  count: number;
  /** Cheaper nodes that the cloud may take back. @default false */
  spot?: boolean;
  /** Least number of nodes. @default 0, so that an idle pool costs nothing */
  min?: number;
  /** Greatest number of nodes; at least 1 and `min`. */
  max: number;
  /** Size of each node's disk in GiB. Images with CUDA are large. @default 200 */
  diskGib?: number;
  /** Pods that share each GPU in turns, without isolation of memory; at least 2. @default 1, one pod per GPU */
  timeSlicing?: number;
  /** Profile of Multi-Instance GPU, such as `1g.10gb`, into which each GPU is split. @default - whole GPUs */
  mig?: string;
}

/** Label of nodes whose value is a GpuType. Pods select their nodes by it. */
export const GPU_TYPE_LABEL = "slipway.dev/gpu-type";
/** Label of nodes whose value is the name of their pool. */
export const POOL_LABEL = "slipway.dev/pool";
/** Resource that the device plugin offers and pods request. */
export const GPU_RESOURCE = "nvidia.com/gpu";
/** Taint that keeps pods without GPUs off expensive GPU nodes. GKE sets the same taint by itself. */
export const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" } as const;
