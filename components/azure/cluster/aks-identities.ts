import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import { grantAzureRole } from "../role-assignment.ts";
import { inPlace, type AzurePlace } from "../place.ts";
import type { AzureKey } from "../key-vault.ts";
import type { AzureNetwork } from "../network.ts";

export interface AksIdentitiesArgs extends AzurePlace {
  network: AzureNetwork;
  /** Key that encrypts secrets in etcd. */
  key: AzureKey;
}

/**
 * Who a cluster of AKS is: the control plane joins two subnets, encrypts with one key and hands the kubelet its identity;
 * the kubelet may do nothing but what a registry gives it.
 *
 * @example
 * const identities = new AksIdentities("cluster-identities", { ...place, network, key });
 */
export class AksIdentities extends pulumi.ComponentResource {
  readonly controlPlane: managedidentity.UserAssignedIdentity;
  readonly kubelet: managedidentity.UserAssignedIdentity;
  /** The cluster can be made once these are there, and must be gone before they go. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: AksIdentitiesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:AksIdentities", name, {}, opts);
    const { network, key, prefix } = args;
    const identity = (who: string): managedidentity.UserAssignedIdentity =>
      new managedidentity.UserAssignedIdentity(
        `${name}-${who}`,
        { ...inPlace(args), resourceName: `${prefix}-aks-${who}` },
        { parent: this },
      );
    this.controlPlane = identity("control-plane");
    this.kubelet = identity("kubelet");
    const { principalId } = this.controlPlane;
    const grant = (
      what: string,
      role: Parameters<typeof grantAzureRole>[1]["role"],
      scope: pulumi.Input<string>,
    ): pulumi.Resource =>
      grantAzureRole(`${name}-${what}`, { place: args, role, principalId, scope }, { parent: this });
    this.ready = [
      ...key.ready,
      grant("nodes-subnet", "Network Contributor", network.subnets.nodes),
      grant("api-server-subnet", "Network Contributor", network.subnets.apiServer),
      grant("kubelet-operator", "Managed Identity Operator", this.kubelet.id),
      grant("secrets-key", "Key Vault Crypto User", key.id),
      // AKS makes its own private way to the vault, and that takes the vault's consent.
      grant("secrets-vault", "Key Vault Contributor", key.vaultId),
    ];
    this.registerOutputs({});
  }
}
