import { createHash } from "node:crypto";
import type { types } from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { machineArchitecture } from "../../platform/kubernetes/architecture.ts";
import { POOL_LABEL } from "../../platform/kubernetes/gpu-types.ts";

type NodeConfig = types.input.container.NodePoolNodeConfig;

/** Number and price class of the nodes of a pool. */
export interface GkePoolScale {
  /** Cheaper nodes that Google may take back. @default false */
  spot?: boolean;
  /** Nodes kept running, in all zones together. @default - 1 without accelerators, 0 with them */
  min?: number;
  /** Nodes at most, in all zones together. */
  max: number;
}

/** Identity and disk key that the nodes of all pools of a cluster share. */
export interface GkeNodeIdentity {
  /** E-mail address of the nodes' own service account. */
  serviceAccount: pulumi.Input<string>;
  /** Cloud KMS key of their boot disks. */
  diskKey: pulumi.Input<string>;
}

export interface GkeNodeOptions extends GkeNodeIdentity {
  /** Value of the nodes' label `slipway.dev/pool`. */
  pool: string;
  machine: string;
  diskGib: number;
  spot: boolean;
  labels?: Record<string, string>;
  taints?: NodeConfig["taints"];
  guestAccelerators?: NodeConfig["guestAccelerators"];
  /** Further settings, such as those of reserved capacity. */
  capacity?: Partial<NodeConfig>;
}

/**
 * Returns the config of nodes on Container-Optimized OS, with secure boot. Pods cannot use the identity of their node.
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
    // IAM roles limit the rights of the account. Narrower scopes would only cut these rights again.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    metadata: { "disable-legacy-endpoints": "true" },
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
    gvnic: { enabled: true },
    labels: { ...labels, [POOL_LABEL]: pool },
    // GKE taints Arm nodes, so that no image for x86 gets there. The platform's images are checked before the pool is created.
    ...(machineArchitecture(machine) === "arm64"
      ? { taintConfig: { architectureTaintBehavior: "NONE" } }
      : {}),
    ...(taints === undefined ? {} : { taints }),
    ...(guestAccelerators === undefined ? {} : { guestAccelerators }),
    ...options.capacity,
  };
}

/** Disk type of a machine: the newest machine families support only Hyperdisk. @see https://cloud.google.com/compute/docs/disks/hyperdisks */
function diskType(machine: string): string {
  return /^(a3-ultragpu|a4|c4|n4|ct6e)/.test(machine) ? "hyperdisk-balanced" : "pd-balanced";
}

/** Number of zones in which Google places a regional cluster whose zones are not set. */
export const DEFAULT_ZONES = 3;

/** Initial nodes per zone: enough for `min` nodes in total, and at most `max` in total. */
export function initialNodesPerZone(min: number, max: number, zones: number = DEFAULT_ZONES): number {
  return Math.min(Math.ceil(min / zones), Math.floor(max / zones));
}

/** Longest pool name that GKE accepts. */
const MAX_POOL_NAME = 40;

/**
 * Returns the name of a pool within its cluster: the given name and a hash of the node properties. Different nodes give a new
 * name, so that Pulumi creates the new pool before it deletes the old one. Pulumi's generated names would be too long.
 */
export function gkePoolName(pool: string, nodes: Record<string, unknown>): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([pool, nodes]))
    .digest("hex")
    .slice(0, 6);
  return `${pool.slice(0, MAX_POOL_NAME - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
