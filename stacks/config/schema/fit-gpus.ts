import { gpuMachinesOf, type Cloud } from "../../../components/platform/gpu/gpu-machines.ts";
import { clusterGpuTypes } from "./cluster-gpus.ts";
import type { ClusterConfig, GpuPoolsConfig, ManagedClusterConfig } from "./cluster.ts";
import type { ServiceConfig } from "./environment.ts";
import type { Refuse } from "./refuse.ts";

type GpuRequest = NonNullable<ServiceConfig["gpu"]>;

/** Kind of a managed cluster → its cloud. */
export const CLOUD_OF_CLUSTER = { eks: "aws", gke: "gcp", aks: "azure" } as const satisfies Record<
  ManagedClusterConfig["kind"],
  Cloud
>;

/** The nodes must have the GPU, enough of them on one node for a pod, and enough nodes for all pods. Cannot check an existing cluster. */
export function checkGpuRoom(
  cluster: ClusterConfig,
  gpu: GpuRequest,
  pods: number,
  path: string[],
  refuse: Refuse,
): void {
  if (cluster.kind === "existing") return;
  const gpuPools: GpuPoolsConfig = cluster.gpuPools;
  const pools = Object.values(gpuPools).filter(({ type }) => type === gpu.type);
  const provisioned = cluster.nodeAutoProvisioning?.maxGpus?.[gpu.type] ?? 0;
  if (pools.length === 0 && provisioned === 0)
    return refuse(
      [...path, "type"],
      `must be a GPU of cluster.gpuPools (${clusterGpuTypes(cluster).join(", ") || "there are none"})`,
    );
  const machines = gpuMachinesOf(CLOUD_OF_CLUSTER[cluster.kind], gpu.type).map(({ gpus }) => gpus);
  const most = Math.max(
    // Two time slices of a GPU are not faster than one, so a pod on a time-sliced pool gets one.
    ...pools.map((pool) => (pool.timeSlicing === undefined ? pool.count : 1)),
    ...machines.filter((gpus) => gpus <= provisioned),
  );
  if (gpu.count > most)
    return refuse(
      [...path, "count"],
      `must be at most ${most}: no node of cluster.gpuPools has more for one pod`,
    );
  const room = pools.reduce(
    (sum, { max, count, timeSlicing }) => {
      if (timeSlicing !== undefined) return sum + (gpu.count === 1 ? max * count * timeSlicing : 0);
      return sum + max * Math.floor(count / gpu.count);
    },
    Math.floor(provisioned / gpu.count),
  );
  if (pods > room)
    refuse(
      path,
      `must fit into cluster.gpuPools: they have room for ${room} pods, and ${pods} are needed, one of them for a rolling update`,
      "raise max of a pool",
    );
}
