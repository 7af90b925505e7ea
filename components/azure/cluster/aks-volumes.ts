import type * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as compute from "@pulumi/azure-native/compute/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AzureKey } from "../key-vault.ts";
import { commonInputs, type AzurePlace } from "../place.ts";
import { grantAzureRole } from "../role-assignment.ts";
import { whenEffective } from "../role-effect.ts";

export interface AksVolumesArgs extends AzurePlace {
  /** Key that encrypts the volumes. */
  key: AzureKey;
  /** Object id of the identity of the cluster's control plane, which attaches the volumes. */
  controlPlanePrincipalId: pulumi.Input<string>;
}

/**
 * Encrypts the volumes of pods with the given key: a disk encryption set for the storage class of the cluster. The built-in classes of
 * AKS use a key of Azure.
 *
 * @example
 * const volumes = new AksVolumes("cluster-volumes", { ...place, key: keys.key("volumes"), controlPlanePrincipalId });
 */
export class AksVolumes extends pulumi.ComponentResource {
  /** Create the cluster after them, and delete it, with its volumes, before them. */
  readonly ready: pulumi.Resource[];
  /** Id of the disk encryption set; becomes known when the set may use the key. */
  readonly encryptionSetId: pulumi.Output<string>;

  constructor(name: string, args: AksVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:AksVolumes", name, {}, opts);
    const { key, controlPlanePrincipalId, prefix } = args;
    const encryption = new compute.DiskEncryptionSet(
      `${name}-encryption`,
      {
        ...commonInputs(args),
        diskEncryptionSetName: `${prefix}-volumes`,
        encryptionType: "EncryptionAtRestWithCustomerKey",
        identity: { type: "SystemAssigned" },
        activeKey: { keyUrl: key.versionedUri, sourceVault: { id: key.vaultId } },
        rotationToLatestKeyVersionEnabled: true,
      },
      { parent: this, dependsOn: key.ready },
    );
    const grant = (
      grantName: string,
      request: Pick<Parameters<typeof grantAzureRole>[1], "role" | "principalId" | "scope">,
    ): authorization.RoleAssignment =>
      grantAzureRole(`${name}-${grantName}`, { place: args, ...request }, { parent: this });
    const roles = [
      grant("key", {
        role: "Key Vault Crypto Service Encryption User",
        principalId: encryption.identity.apply((identity) => identity?.principalId ?? ""),
        scope: key.id,
      }),
      grant("reader", { role: "Reader", principalId: controlPlanePrincipalId, scope: encryption.id }),
    ];
    this.ready = [encryption, ...roles];
    this.encryptionSetId = whenEffective(encryption.id, ...roles);
    this.registerOutputs({});
  }
}
