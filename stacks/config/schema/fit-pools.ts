import { machineArchitecture } from "../../../components/platform/kubernetes/architecture.ts";
import {
  gcpSpotFault,
  gpuMachineFault,
  gpuMachinesOf,
} from "../../../components/platform/gpu/gpu-machines.ts";
import type { GpuType } from "../../../components/platform/kubernetes/gpu-types.ts";
import { CLOUD_OF_CLUSTER } from "./fit-gpus.ts";
import type { ClusterConfig, EksConfig, ManagedClusterConfig } from "./cluster.ts";
import { eksZones } from "./eks-zones.ts";
import { fitGkeLimits } from "./fit-gke-limits.ts";
import { fitPoolLimits } from "./fit-pool-limits.ts";
import { hasEksZones } from "./fit-zones.ts";
import type { Refuse } from "./refuse.ts";

/** Keys of any pool that this file reads. */
interface Pool {
  machine?: string | undefined;
  spot?: boolean | undefined;
  spotMachines?: string[] | undefined;
}

/** Refuses keys of node pools that do not fit their cloud or one another. */
export function fitPools(cluster: ClusterConfig, refuse: Refuse): void {
  if (cluster.kind === "existing") return;
  const pools: [string[], Pool][] = [
    ...entries(cluster.nodePools, "nodePools"),
    ...entries(cluster.gpuPools, "gpuPools"),
  ];
  for (const [path, pool] of pools) checkSpotMachines(cluster.kind, path, pool, refuse);
  fitPoolLimits(cluster, refuse);
  checkAutoProvisioning(cluster, refuse);
  if (cluster.kind === "eks") checkCapacityZones(cluster, refuse);
}

/** Nodes with reserved capacity must be in its zone, where the network has a subnet. */
function checkCapacityZones(cluster: EksConfig, refuse: Refuse): void {
  for (const [name, { capacity }] of Object.entries(cluster.gpuPools)) {
    if (capacity === undefined) continue;
    if (!hasEksZones(cluster)) return; // `fitZones` has refused the region
    const zones = eksZones(cluster);
    if (!zones.includes(capacity.zone))
      refuse(
        ["cluster", "gpuPools", name, "capacity", "zone"],
        `must be a zone of the cluster (${zones.join(", ")})`,
        "name the zone of the reservation in cluster.zones too",
      );
  }
}

/** The GPUs must be sold by the cloud, and one scaler alone must add nodes for pending pods. */
function checkAutoProvisioning(cluster: ManagedClusterConfig, refuse: Refuse): void {
  const { kind, nodeAutoProvisioning: auto } = cluster;
  if (auto === undefined) return;
  const path = ["cluster", "nodeAutoProvisioning"];
  const cloud = CLOUD_OF_CLUSTER[kind];
  for (const [type, max] of Object.entries(auto.maxGpus ?? {}) as [GpuType, number][]) {
    const [smallest] = gpuMachinesOf(cloud, type);
    if (smallest === undefined) refuse([...path, "maxGpus", type], gpuMachineFault(cloud, type, 1)!.rule);
    else if (max < smallest.gpus)
      refuse([...path, "maxGpus", type], `must be at least ${smallest.gpus}: no machine has fewer`);
    else if (kind === "gke") {
      const fault = gcpSpotFault(type, smallest.gpus, false);
      if (fault !== undefined && max < 8)
        refuse(
          [...path, "maxGpus", type],
          "must be at least 8: fewer are sold as Spot only",
          "use a GPU pool with spot",
        );
    }
  }
  if (kind === "gke") {
    fitGkeLimits(cluster, refuse);
    if (auto.spot !== undefined)
      refuse(
        [...path, "spot"],
        "must be left out on GKE, which takes spot nodes only for pods that ask for them",
      );
    return;
  }
  const other: [string, object][] = [["gpuPools", cluster.gpuPools]];
  if (kind === "eks") other.push(["neuronPools", cluster.neuronPools]);
  for (const [key, pools] of other)
    if (Object.keys(pools).length > 0)
      refuse(
        ["cluster", key],
        `must be left out beside cluster.nodeAutoProvisioning: ${POOL_AUTOSCALER[kind]} does not run beside it`,
        key === "gpuPools" ? "name the GPUs in cluster.nodeAutoProvisioning.maxGpus" : "keep one of them",
      );
}

/** What adds nodes to pools: on the clouds where it cannot run beside auto-provisioning. */
const POOL_AUTOSCALER = {
  eks: "the autoscaler of node groups",
  aks: "the autoscaler of node pools",
} as const;

function entries(pools: Readonly<Record<string, Pool | undefined>>, key: string): [string[], Pool][] {
  return Object.entries(pools).flatMap(([name, pool]) =>
    pool === undefined ? [] : [[["cluster", key, name], pool] as [string[], Pool]],
  );
}

function checkSpotMachines(
  kind: string,
  path: string[],
  { machine = "m7i.large", spot = false, spotMachines }: Pool,
  refuse: Refuse,
): void {
  if (spotMachines === undefined) return;
  const key = [...path, "spotMachines"];
  if (kind !== "eks") return refuse(key, "must be left out: only on EKS a pool has several machine types");
  if (!spot) refuse(key, "must be left out if spot is not true: other pools have one machine type");
  const architecture = machineArchitecture(machine);
  if (spotMachines.some((other) => machineArchitecture(other) !== architecture))
    refuse(key, `must have ${architecture} processors: the node image of the pool is for them`);
}
