import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as pulumi from "@pulumi/pulumi";
import {
  AKS_POOL_UPGRADES,
  AKS_SPOT,
  AKS_SPOT_LABEL,
  AKS_SPOT_TAINT,
  AKS_TRUSTED_LAUNCH,
  aksScale,
} from "./aks-control-plane.ts";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { POOL_LABEL } from "../../platform/kubernetes/gpu-types.ts";

/** What every pool of a cluster is told. */
export interface AksPoolPlace {
  resourceGroupName: pulumi.Input<string>;
  tags: Record<string, string>;
  cluster: containerservice.ManagedCluster;
  /** Minor version of Kubernetes. */
  version: string;
  /** Id of the nodes' subnet. */
  subnetId: pulumi.Input<string>;
  /** Zones of the region over which nodes are spread. Empty: the region has none. */
  zones: readonly string[];
  /** Name of the pool in AKS: at most 12 lower-case letters and digits. */
  poolName: string;
}

/** Nodes without GPUs. */
export interface AksNodePoolSettings {
  /** @default Standard_D8ds_v5 */
  machine?: string;
  /** Cheaper nodes that Azure may take back. @default false */
  spot?: boolean;
  /** Nodes kept running. @default 1 */
  min?: number;
  /** Nodes at most. @default 10 */
  max?: number;
  /** Size of a node's disk. @default 128 */
  diskGib?: number;
}

export interface AksNodePoolArgs extends AksPoolPlace, AksNodePoolSettings {}

/**
 * A pool of nodes without GPUs, which the autoscaler sizes.
 *
 * @example
 * new AksNodePool("cluster-cpu", { ...pool, poolName: "cpu", max: 20 }, { parent: cluster });
 */
export class AksNodePool extends pulumi.ComponentResource {
  constructor(name: string, args: AksNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:AksNodePool", name, {}, opts);
    const { machine = "Standard_D8ds_v5", spot = false, min = 1, max = 10, diskGib = 128, poolName } = args;
    atLeast(0, min, `${name}: min`);
    atLeast(Math.max(1, min), max, `${name}: max`);
    atLeast(30, diskGib, `${name}: diskGib`);
    new containerservice.AgentPool(
      `${name}-pool`,
      {
        ...commonPool(args),
        ...aksScale(min, max),
        ...(spot ? AKS_SPOT : {}),
        vmSize: machine,
        osSKU: "AzureLinux",
        osDiskSizeGB: diskGib,
        securityProfile: AKS_TRUSTED_LAUNCH,
        upgradeSettings: spot ? undefined : AKS_POOL_UPGRADES,
        nodeLabels: { [POOL_LABEL]: poolName, ...(spot ? AKS_SPOT_LABEL : {}) },
        nodeTaints: spot ? [AKS_SPOT_TAINT] : [],
      },
      { parent: this, deletedWith: args.cluster, ignoreChanges: ["count"] },
    );
    this.registerOutputs({});
  }
}

/** What all pools have in common. The disk is of the temporary kind where the machine's is large enough. */
export function commonPool(
  place: AksPoolPlace,
): Pick<
  containerservice.AgentPoolArgs,
  | "agentPoolName"
  | "availabilityZones"
  | "enableEncryptionAtHost"
  | "enableNodePublicIP"
  | "mode"
  | "orchestratorVersion"
  | "osType"
  | "resourceGroupName"
  | "resourceName"
  | "tags"
  | "type"
  | "vnetSubnetID"
> {
  const { resourceGroupName, tags, cluster, version, subnetId, zones, poolName } = place;
  return {
    resourceGroupName,
    tags,
    resourceName: cluster.name,
    agentPoolName: poolName,
    mode: "User",
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    orchestratorVersion: version,
    vnetSubnetID: subnetId,
    availabilityZones: zones.length === 0 ? undefined : [...zones],
    enableEncryptionAtHost: true,
    enableNodePublicIP: false,
  };
}
