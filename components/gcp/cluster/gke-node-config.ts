import { createHash } from "node:crypto";
import type { types } from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { POOL_LABEL } from "../../platform/kubernetes/gpu-types.ts";

type NodeConfig = types.input.container.NodePoolNodeConfig;

/** How many nodes a pool has, and of what kind. It means the same for every kind of pool. */
export interface GkePoolScale {
  /** Cheaper nodes that Google may take back. @default false */
  spot?: boolean;
  /** Nodes kept running, in all zones together. @default - 1 without accelerators, 0 with them */
  min?: number;
  /** Nodes at most, in all zones together. */
  max: number;
}

/** What the nodes of all pools of a cluster share. */
export interface GkeNodeIdentity {
  /** E-mail address of the nodes' own service account. */
  serviceAccount: pulumi.Input<string>;
  /** Cloud KMS key of their boot disks. */
  diskKey: pulumi.Input<string>;
}

export interface GkeNodeOptions extends GkeNodeIdentity {
  /** Name of the pool, as its nodes are labelled. */
  pool: string;
  machine: string;
  diskGib: number;
  spot: boolean;
  labels?: Record<string, string>;
  taints?: NodeConfig["taints"];
  guestAccelerators?: NodeConfig["guestAccelerators"];
}

/**
 * Nodes on Container-Optimized OS that boot what Google signed, have an identity of their own, and keep it from pods.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
 */
export function gkeNodeConfig(options: GkeNodeOptions): NodeConfig {
  const { pool, machine, diskGib, spot, labels, taints, guestAccelerators, serviceAccount, diskKey } =
    options;
  return {
    machineType: machine,
    imageType: "COS_CONTAINERD",
    diskType: diskType(machine),
    diskSizeGb: diskGib,
    bootDiskKmsKey: diskKey,
    spot,
    serviceAccount,
    // What the account may do, its roles say: scopes are the older way, and would only cut them.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    metadata: { "disable-legacy-endpoints": "true" },
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
    gvnic: { enabled: true },
    labels: { ...labels, [POOL_LABEL]: pool },
    ...(taints === undefined ? {} : { taints }),
    ...(guestAccelerators === undefined ? {} : { guestAccelerators }),
  };
}

/** Machines of the newest families boot from Hyperdisk alone. @see https://cloud.google.com/compute/docs/disks/hyperdisks */
function diskType(machine: string): string {
  return /^(a3-ultragpu|a4|c4|n4|ct6e)/.test(machine) ? "hyperdisk-balanced" : "pd-balanced";
}

/** Zones that a regional cluster spreads its nodes over. */
const ZONES = 3;

/** Nodes per zone to begin with: enough for `min`, and never more than `max` in all. */
export function initialNodesPerZone(min: number, max: number, zones: number = ZONES): number {
  return Math.min(Math.ceil(min / zones), Math.floor(max / zones));
}

/** GKE's limit for the name of a pool. */
const MAX_POOL_NAME = 40;

/**
 * Name of a pool within its cluster. It changes with what the nodes are, so that a pool of other nodes is there before
 * the old one goes; Pulumi's own random names would be too long.
 */
export function gkePoolName(pool: string, nodes: Record<string, unknown>): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([pool, nodes]))
    .digest("hex")
    .slice(0, 6);
  return `${pool.slice(0, MAX_POOL_NAME - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
