import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import {
  gkeNodeConfig,
  gkePoolName,
  initialNodesPerZone,
  type GkeNodeOptions,
  type GkePoolScale,
} from "./gke-node-config.ts";
import { gkePool, type GkePoolHome } from "./gke-pool.ts";

export interface GkeNodePoolSettings extends GkePoolScale {
  /** Machine type. @default "e2-standard-4" */
  machine?: string;
  /** Nodes kept running, in all zones together. @default 1 */
  min?: number;
  /** Size of a node's disk; at least 20. @default 60 */
  diskGib?: number;
}

export interface GkeNodePoolArgs extends GkePoolHome, GkeNodePoolSettings {
  /** Taints of the nodes. @default - none */
  taints?: GkeNodeOptions["taints"];
}

/**
 * A pool of nodes without GPUs.
 *
 * @example
 * new GkeNodePool("cluster-cpu", { project: project.id, cluster, nodes, pool: "cpu", min: 0, max: 10 });
 */
export class GkeNodePool extends pulumi.ComponentResource {
  /** What must run on the nodes is created after it. */
  readonly resource: gcp.container.NodePool;

  constructor(name: string, args: GkeNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:GkeNodePool", name, {}, opts);
    const { nodes, pool, max, zoneCount, taints } = args;
    const { machine = "e2-standard-4", spot = false, min = 1, diskGib = 60 } = args;
    atLeast(20, diskGib, `${name}: diskGib`);
    atLeast(Math.max(1, min), max, `${name}: max`);
    this.resource = gkePool(
      name,
      args,
      {
        name: gkePoolName(pool, { machine, diskGib, spot }),
        initialNodeCount: initialNodesPerZone(min, max, zoneCount),
        autoscaling: {
          totalMinNodeCount: min,
          totalMaxNodeCount: max,
          locationPolicy: spot ? "ANY" : "BALANCED",
        },
        upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
        nodeConfig: gkeNodeConfig({
          ...nodes,
          pool,
          machine,
          diskGib,
          spot,
          ...(taints === undefined ? {} : { taints }),
        }),
      },
      this,
    );
    this.registerOutputs({});
  }
}
