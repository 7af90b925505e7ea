import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import type * as authorization from "@pulumi/azure-native/authorization/index.js";
import { grantAzureRole } from "../role-assignment.ts";
import { whenEffective } from "../role-effect.ts";
import { commonInputs, type AzurePlace } from "../place.ts";
import type { AzureKey } from "../key-vault.ts";
import type { AzureNetwork } from "../network.ts";

export interface AksIdentitiesArgs extends AzurePlace {
  network: AzureNetwork;
  /** Key that encrypts secrets in etcd. */
  key: AzureKey;
}

/**
 * The identities of an AKS cluster and their roles. The control plane may join two subnets, encrypt with one key and assign the
 * kubelet's identity. The kubelet has only the roles that a registry gives it.
 *
 * @example
 * const identities = new AksIdentities("cluster-identities", { ...place, network, key });
 */
export class AksIdentities extends pulumi.ComponentResource {
  /** Id of the control plane's identity; becomes known when the identity has its rights. */
  readonly controlPlaneId: pulumi.Output<string>;
  /** Object id of the control plane's identity. */
  readonly controlPlanePrincipalId: pulumi.Output<string>;
  readonly kubelet: managedidentity.UserAssignedIdentity;
  /** The cluster needs these resources: create it after them, and delete it before them. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: AksIdentitiesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:AksIdentities", name, {}, opts);
    const { network, key, prefix } = args;
    const createIdentity = (role: string): managedidentity.UserAssignedIdentity =>
      new managedidentity.UserAssignedIdentity(
        `${name}-${role}`,
        { ...commonInputs(args), resourceName: `${prefix}-aks-${role}` },
        { parent: this },
      );
    const controlPlane = createIdentity("control-plane");
    this.kubelet = createIdentity("kubelet");
    const { principalId } = controlPlane;
    const grant = (
      grantName: string,
      role: Parameters<typeof grantAzureRole>[1]["role"],
      scope: pulumi.Input<string>,
    ): authorization.RoleAssignment =>
      grantAzureRole(`${name}-${grantName}`, { place: args, role, principalId, scope }, { parent: this });
    const roles = [
      grant("nodes-subnet", "Network Contributor", network.subnets.nodes),
      grant("api-server-subnet", "Network Contributor", network.subnets.apiServer),
      grant("kubelet-operator", "Managed Identity Operator", this.kubelet.id),
      grant("secrets-key", "Key Vault Crypto User", key.id),
      // AKS creates its own private endpoint to the vault, and needs this role to approve it.
      grant("secrets-vault", "Key Vault Contributor", key.vaultId),
    ];
    this.ready = [...key.ready, ...roles];
    this.controlPlaneId = whenEffective(controlPlane.id, ...roles);
    this.controlPlanePrincipalId = principalId;
    this.registerOutputs({});
  }
}
