import type { ManagedClusterConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";

/** Pools of any kind, as far as their size. */
type Pools = Readonly<Record<string, { max: number; zones?: readonly string[] | undefined } | undefined>>;

/** Nodes that Kubernetes supports in a cluster. @see https://kubernetes.io/docs/setup/best-practices/cluster-large/ */
const KUBERNETES_NODES = 5000;
/** Nodes of a GKE pool in one zone. @see https://cloud.google.com/kubernetes-engine/quotas */
const GKE_ZONE_NODES = 1000;
/** Zones of a GKE pool that names none: no region has more. */
const GKE_MAX_ZONES = 4;
/** Nodes of an AKS pool. @see https://learn.microsoft.com/azure/aks/quotas-skus-regions */
const AKS_POOL_NODES = 1000;

/** Refuses pools that may get more nodes than the cloud allows. */
export function fitPoolLimits(cluster: ManagedClusterConfig, refuse: Refuse): void {
  const kinds: Record<string, Pools> = {
    nodePools: cluster.nodePools,
    gpuPools: cluster.gpuPools,
    ...(cluster.kind === "eks" ? { neuronPools: cluster.neuronPools } : {}),
    ...(cluster.kind === "gke" ? { tpuPools: cluster.tpuPools } : {}),
  };
  for (const [kind, pools] of Object.entries(kinds))
    for (const [name, pool] of Object.entries(pools)) {
      const { nodes, reason } = limitOf(cluster, pool?.zones);
      if (pool !== undefined && pool.max > nodes)
        refuse(["cluster", kind, name, "max"], `must be at most ${nodes}: ${reason}`);
    }
}

function limitOf(
  cluster: ManagedClusterConfig,
  poolZones: readonly string[] | undefined,
): { nodes: number; reason: string } {
  switch (cluster.kind) {
    case "eks":
      return {
        nodes: KUBERNETES_NODES,
        reason: "Kubernetes supports no more nodes, and EKS gives a node group 450 without a higher quota",
      };
    case "gke":
      return {
        nodes: GKE_ZONE_NODES * ((poolZones ?? cluster.zones)?.length ?? GKE_MAX_ZONES),
        reason: `a pool of GKE has at most ${GKE_ZONE_NODES} nodes in a zone`,
      };
    case "aks":
      return { nodes: AKS_POOL_NODES, reason: "a pool of AKS has no more nodes" };
  }
}
