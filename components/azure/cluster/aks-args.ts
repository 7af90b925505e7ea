import type * as pulumi from "@pulumi/pulumi";
import type { GpuPool, ReservedCapacity } from "../../platform/kubernetes/gpu-types.ts";
import type { AzureKey } from "../key-vault.ts";
import type { AzureNetwork } from "../network.ts";
import type { AzurePlace } from "../place.ts";
import type { AksNodePoolSettings } from "./aks-node-pool.ts";

/** A pool with GPUs, and the zones that have its machine. */
export interface AksGpuPool extends GpuPool {
  /** Zones of the region. Not every zone has every GPU. @default - those of the cluster */
  zones?: readonly string[];
  /** Capacity reservation group, by its id. @default - on-demand capacity, or spot */
  capacity?: ReservedCapacity;
}

export interface AksArgs extends AzurePlace {
  network: AzureNetwork;
  /** Key that encrypts secrets in etcd. */
  key: AzureKey;
  /** Key that encrypts the volumes of pods. @default - `key` */
  volumesKey?: AzureKey;
  /** Id of the Log Analytics workspace that gets the control plane's logs. */
  workspaceId: pulumi.Input<string>;
  /** Object ids of the Entra groups whose members administer the cluster; at least one, because there are no local accounts. */
  adminGroups: readonly string[];
  /** Minor version of Kubernetes. @default 1.36 */
  version?: string;
  /** Networks of administrators. With one of the internet, the API server is public for these networks. @default - none: a private cluster */
  adminCidrs?: readonly string[];
  /** Nodes for the cluster's own components. @default 2 to 5 of Standard_D4ds_v5 */
  systemPool?: AksNodePoolSettings;
  /** Nodes for everything else without a GPU. @default 1 to 10 of Standard_D8ds_v5 */
  cpuPool?: AksNodePoolSettings;
  /** GPU pools by name. @default - none */
  gpuPools?: Readonly<Record<string, AksGpuPool>>;
  /**
   * Prepare the cluster for node auto-provisioning, whose node pools are Kubernetes objects. The pools of the cluster then stay at `min`
   * nodes. @default false
   */
  autoProvisioning?: boolean;
  /** Zones of the region over which the nodes are spread. Empty for a region without zones. @default 1, 2 and 3 */
  zones?: readonly string[];
  /** Encrypt the disks of nodes at the host, for which the subscription needs the feature Microsoft.Compute/EncryptionAtHost. @default true */
  encryptionAtHost?: boolean;
  /** Send the logs of pods to the Log Analytics workspace. @default true */
  podLogs?: boolean;
  /** Run gateways: the application routing add-on with the Gateway API, and an add-on that reads their certificates from Key Vault. @default false */
  gateway?: boolean;
  /** Refuse to delete the cluster, and with it the volumes of its pods. @default true */
  protect?: boolean;
}
