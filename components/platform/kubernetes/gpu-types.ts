/** GPUs by one name on every cloud: product, with the memory where it comes in two sizes. */
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

/** Those that split into instances (Multi-Instance GPU). @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ */
export const MIG_TYPES: readonly GpuType[] = [
  "nvidia-a100-40gb",
  "nvidia-a100-80gb",
  "nvidia-h100-80gb",
  "nvidia-h100-94gb",
  "nvidia-h200-141gb",
];

/** A pool of nodes with GPUs; it means the same on every cloud. */
export interface GpuPool {
  type: GpuType;
  /** GPUs per node. The cloud has to have a machine with just as many. */
  count: number;
  /** Cheaper nodes that the cloud may take back. @default false */
  spot?: boolean;
  /** Nodes kept running. @default 0, so that an idle pool costs nothing */
  min?: number;
  /** Nodes at most; at least 1 and `min`. */
  max: number;
  /** Size of a node's disk: images with CUDA are large. @default 200 */
  diskGib?: number;
  /** Pods per GPU, in turns and without isolation of memory; at least 2. @default 1, one pod per GPU */
  timeSlicing?: number;
  /** Profile of Multi-Instance GPU, such as `1g.10gb`, into which each GPU is split. @default - whole GPUs */
  mig?: string;
}

/** Label of nodes: the value is a GpuType. Pods select by it. */
export const GPU_TYPE_LABEL = "slipway.dev/gpu-type";
/** Label of nodes: the name of the pool. */
export const POOL_LABEL = "slipway.dev/pool";
/** Resource that the device plugin offers and pods ask for. */
export const GPU_RESOURCE = "nvidia.com/gpu";
/** Keeps pods without GPUs off nodes that are paid for their GPUs; the same taint that GKE sets by itself. */
export const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" } as const;
