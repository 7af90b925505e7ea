import type * as pulumi from "@pulumi/pulumi";
import type { GpuPool } from "../../platform/kubernetes/gpu-types.ts";
import type { AzureKey } from "../key-vault.ts";
import type { AzureNetwork } from "../network.ts";
import type { AzurePlace } from "../place.ts";
import type { AksNodePoolSettings } from "./aks-node-pool.ts";

export interface AksArgs extends AzurePlace {
  network: AzureNetwork;
  /** Key that encrypts secrets in etcd. */
  key: AzureKey;
  /** Id of the Log Analytics workspace that gets the control plane's logs. */
  workspaceId: pulumi.Input<string>;
  /** Object ids of the Entra groups whose members administer the cluster; at least one, because there are no local accounts. */
  adminGroups: readonly string[];
  /** Minor version of Kubernetes. @default 1.36 */
  version?: string;
  /** Networks that may reach the API server over the internet. @default - none: a private cluster */
  adminCidrs?: readonly string[];
  /** Nodes for the cluster's own components. @default 2 to 5 of Standard_D4ds_v5 */
  systemPool?: AksNodePoolSettings;
  /** Nodes for everything else without a GPU. @default 1 to 10 of Standard_D8ds_v5 */
  cpuPool?: AksNodePoolSettings;
  /** GPU pools by name. @default - none */
  gpuPools?: Readonly<Record<string, GpuPool>>;
  /** Zones of the region over which the nodes are spread. Empty for a region without zones. @default 1, 2 and 3 */
  zones?: readonly string[];
}
