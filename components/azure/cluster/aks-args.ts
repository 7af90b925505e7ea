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
  /** Object ids of the Entra groups whose members administer the cluster; at least one: there are no local accounts. */
  adminGroups: readonly string[];
  /** Minor version of Kubernetes. @default 1.36 */
  version?: string;
  /** Networks from which the API server may be reached over the internet. @default - none: a private cluster */
  allowedCidrs?: readonly string[];
  /** Nodes of what the cluster itself needs. @default 2 to 5 of Standard_D4ds_v5 */
  systemPool?: AksNodePoolSettings;
  /** Nodes of everything else. @default 1 to 10 of Standard_D8ds_v5 */
  cpuPool?: AksNodePoolSettings;
  /** Nodes with GPUs, by name. @default - none */
  gpuPools?: Readonly<Record<string, GpuPool>>;
  /** Zones of the region over which nodes are spread. Empty: the region has none. @default 1, 2 and 3 */
  zones?: readonly string[];
}
