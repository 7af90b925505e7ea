import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { GkeNodeIdentity } from "./gke-node-config.ts";

/** The cluster that a pool of nodes belongs to. */
export interface GkePoolHome {
  /** Google Cloud project of the cluster. */
  project: pulumi.Input<string>;
  cluster: gcp.container.Cluster;
  /** Service account and disk key of the nodes. */
  nodes: GkeNodeIdentity;
  /** Number of zones of the cluster, in which the pool has its nodes if it names none of its own. @default 3 */
  zoneCount?: number;
  /** Value of the nodes' label `slipway.dev/pool`. */
  pool: string;
}

type PoolArgs = Omit<gcp.container.NodePoolArgs, "cluster" | "project" | "management" | "networkConfig">;

/** Creates a node pool whose nodes have no public address, and which Google repairs and upgrades. */
export function gkePool(
  name: string,
  { project, cluster }: GkePoolHome,
  args: PoolArgs,
  parent: pulumi.Resource,
): gcp.container.NodePool {
  return new gcp.container.NodePool(
    `${name}-nodes`,
    {
      project,
      cluster: cluster.id,
      management: { autoRepair: true, autoUpgrade: true },
      networkConfig: { enablePrivateNodes: true },
      ...args,
    },
    // GKE reads the initial number only at creation, and a change of it would replace the pool.
    { parent, deletedWith: cluster, ignoreChanges: ["initialNodeCount"] },
  );
}
