import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import {
  AKS_POOL_UPGRADES,
  AKS_SPOT,
  AKS_SPOT_LABEL,
  AKS_SPOT_TAINT,
  aksFixedScale,
  aksScale,
} from "./aks-control-plane.ts";

/** The cluster that a pool of nodes belongs to, and the name of the pool there. */
export interface AksPoolHome {
  /** Resource group of the cluster. */
  resourceGroupName: pulumi.Input<string>;
  /** Tags of the nodes. */
  tags: Record<string, string>;
  cluster: containerservice.ManagedCluster;
  /** Minor version of Kubernetes. */
  version: string;
  /** Id of the nodes' subnet. */
  subnetId: pulumi.Input<string>;
  /** Zones of the region over which the nodes are spread. Empty for a region without zones. */
  zones: readonly string[];
  /** Encrypt the disks of nodes at the host. @default true */
  encryptionAtHost?: boolean;
  /** Keep the pool at `min` nodes: pools that grow are refused beside node auto-provisioning. @default false */
  fixedSize?: boolean;
  /** Name of the pool in AKS: at most 12 lower-case letters and digits. */
  poolName: string;
}

export interface AksPoolOptions {
  machine: string;
  spot: boolean;
  min: number;
  max: number;
  diskGib: number;
  /** Smallest disk that the node image fits on. */
  minDiskGib: number;
  osSKU: "AzureLinux" | "Ubuntu";
  labels: Record<string, string>;
  /** Taints besides that of spot nodes, as `key=value:effect`. */
  taints?: readonly string[];
}

type SpecificArgs = Pick<
  containerservice.AgentPoolArgs,
  "capacityReservationGroupID" | "gpuInstanceProfile" | "gpuProfile" | "securityProfile"
>;

/**
 * Creates a node pool that the autoscaler sizes. Its nodes have no public address. Their disk is ephemeral where the machine's own disk is large enough. Throws for sizes that do not fit together.
 */
export function aksPool(
  name: string,
  {
    resourceGroupName,
    tags,
    cluster,
    version,
    subnetId,
    zones,
    poolName,
    encryptionAtHost = true,
    fixedSize = false,
  }: AksPoolHome,
  { machine, spot, min, max, diskGib, minDiskGib, osSKU, labels, taints = [] }: AksPoolOptions,
  args: SpecificArgs,
  parent: pulumi.Resource,
): containerservice.AgentPool {
  atLeast(0, min, `${name}: min`);
  atLeast(Math.max(1, min), max, `${name}: max`);
  atLeast(minDiskGib, diskGib, `${name}: diskGib`);
  return new containerservice.AgentPool(
    `${name}-pool`,
    {
      resourceGroupName,
      tags,
      resourceName: cluster.name,
      agentPoolName: poolName,
      mode: "User",
      type: "VirtualMachineScaleSets",
      osType: "Linux",
      osSKU,
      orchestratorVersion: version,
      vnetSubnetID: subnetId,
      availabilityZones: zones.length === 0 ? undefined : [...zones],
      enableEncryptionAtHost: encryptionAtHost,
      enableNodePublicIP: false,
      ...(fixedSize ? aksFixedScale(min) : aksScale(min, max)),
      ...(spot ? AKS_SPOT : {}),
      vmSize: machine,
      osDiskSizeGB: diskGib,
      upgradeSettings: spot ? undefined : AKS_POOL_UPGRADES,
      nodeLabels: { ...labels, ...(spot ? AKS_SPOT_LABEL : {}) },
      nodeTaints: [...taints, ...(spot ? [AKS_SPOT_TAINT] : [])],
      ...args,
    },
    // The autoscaler sets the count.
    { parent, deletedWith: cluster, ignoreChanges: fixedSize ? [] : ["count"] },
  );
}
