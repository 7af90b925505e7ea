import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { gkeNodeConfig, gkePoolName, initialNodesPerZone, type GkePoolScale } from "./gke-node-config.ts";
import { tpuSlice } from "./gke-tpu-topology.ts";
import { gkePool, type GkePoolHome } from "./gke-pool.ts";

export interface GkeTpuPoolSettings extends GkePoolScale {
  /** Machine type, such as `ct5lp-hightpu-4t`; it determines the TPU and the number of chips per node. */
  machine: string;
  /** Arrangement of the chips of a slice, such as `2x2`. A slice with more chips than a node has spans several nodes. */
  topology: string;
  /** Zone that has these TPUs. Required if a slice spans several nodes. @default - those of the cluster */
  zone?: string;
  /** Nodes kept running. @default 0, so that an idle pool costs nothing */
  min?: number;
  /** Size of a node's disk; at least 50. @default 200 */
  diskGib?: number;
}

export interface GkeTpuNodePoolArgs extends GkePoolHome, GkeTpuPoolSettings {}

/**
 * A pool of nodes with TPUs. GKE sets the taint `google.com/tpu`, and the labels by which pods select a TPU and a topology.
 *
 * @example
 * new GkeTpuNodePool("cluster-tpu-v5e", { project: project.id, cluster, nodes, pool: "v5e", machine: "ct5lp-hightpu-4t", topology: "2x2", max: 2 });
 */
export class GkeTpuNodePool extends pulumi.ComponentResource {
  /** What must run on the nodes is created after it. */
  readonly resource: gcp.container.NodePool;

  constructor(name: string, args: GkeTpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:GkeTpuNodePool", name, {}, opts);
    const { nodes, pool, machine, topology, zone, max } = args;
    const { spot = false, min = 0, diskGib = 200 } = args;
    atLeast(50, diskGib, `${name}: diskGib`);
    const slice = tpuSlice(machine, topology, name);
    const spans = slice.nodes > 1;
    if (spans) checkSlice(name, topology, slice.nodes, { min, max, zone });
    else atLeast(Math.max(1, min), max, `${name}: max`);
    this.resource = gkePool(
      name,
      args,
      {
        name: gkePoolName(pool, { machine, diskGib, spot, topology, zone }),
        ...(zone === undefined ? {} : { nodeLocations: [zone] }),
        initialNodeCount: spans
          ? min
          : initialNodesPerZone(min, max, zone === undefined ? args.zoneCount : 1),
        autoscaling: { totalMinNodeCount: min, totalMaxNodeCount: max, locationPolicy: "ANY" },
        // GKE creates and deletes the nodes of a slice together.
        ...(spans ? { placementPolicy: { type: "COMPACT", tpuTopology: topology } } : {}),
        ...(spans ? {} : { upgradeSettings: { strategy: "SURGE", maxSurge: 0, maxUnavailable: 1 } }),
        nodeConfig: gkeNodeConfig({ ...nodes, pool, machine, diskGib, spot }),
      },
      this,
    );
    this.registerOutputs({});
  }
}

/** Throws unless a slice of several nodes is in one zone, and has all of its nodes or none. */
function checkSlice(
  name: string,
  topology: string,
  nodes: number,
  { min, max, zone }: { min: number; max: number; zone: string | undefined },
): void {
  if (max !== nodes)
    throw new Error(`${name}: max must be ${nodes}, the nodes of a slice of ${topology}, got ${max}`);
  if (min !== 0 && min !== nodes)
    throw new Error(`${name}: min must be 0 or ${nodes}, because a slice has all nodes or none, got ${min}`);
  if (zone === undefined)
    throw new Error(
      `${name}: zone must be set for topology ${topology}, whose ${nodes} nodes are in one zone, got none; name a zone that has these TPUs`,
    );
}
