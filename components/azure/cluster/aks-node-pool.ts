import * as pulumi from "@pulumi/pulumi";
import { POOL_LABEL } from "../../platform/kubernetes/gpu-types.ts";
import { aksTrustedLaunch } from "./aks-control-plane.ts";
import { aksPool, type AksPoolHome } from "./aks-pool.ts";

/** Size and machine of a pool without GPUs. */
export interface AksNodePoolSettings {
  /** VM size. @default Standard_D8ds_v5 */
  machine?: string;
  /** Cheaper nodes that Azure may take back. @default false */
  spot?: boolean;
  /** Nodes kept running. @default 1 */
  min?: number;
  /** Nodes at most. @default 10 */
  max?: number;
  /** Size of a node's disk; at least 30. @default 128 */
  diskGib?: number;
}

export interface AksNodePoolArgs extends AksPoolHome, AksNodePoolSettings {}

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
    const labels = { [POOL_LABEL]: poolName };
    aksPool(
      name,
      args,
      { machine, spot, min, max, diskGib, minDiskGib: 30, osSKU: "AzureLinux", labels },
      { securityProfile: aksTrustedLaunch(machine) },
      this,
    );
    this.registerOutputs({});
  }
}
