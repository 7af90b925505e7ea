import type * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as compute from "@pulumi/azure-native/compute/index.js";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { commonLabels } from "../../platform/kubernetes/labels.ts";
import type { AzureKey } from "../key-vault.ts";
import { commonInputs, type AzurePlace } from "../place.ts";
import { grantAzureRole } from "../role-assignment.ts";
import { whenEffective } from "../role-effect.ts";

export interface AksVolumesArgs extends AzurePlace {
  /** Key that encrypts the volumes. */
  key: AzureKey;
  /** Object id of the identity of the cluster's control plane, which attaches the volumes. */
  controlPlanePrincipalId: pulumi.Input<string>;
  /** Keep copies of a volume in three zones, so that its pod may run in each; false for a region without zones. @default true */
  zoneRedundant?: boolean;
}

/**
 * Encrypts the volumes of pods with the given key: a disk encryption set, and the default storage class of a cluster. The built-in
 * classes of AKS use a key of Azure.
 *
 * @example
 * const volumes = new AksVolumes("cluster-volumes", { ...place, key: keys.key("volumes"), controlPlanePrincipalId });
 * volumes.createStorageClass(cluster.provider);
 */
export class AksVolumes extends pulumi.ComponentResource {
  /** Create the cluster after them, and delete it, with its volumes, before them. */
  readonly ready: pulumi.Resource[];
  private readonly name: string;
  private readonly sku: string;
  private readonly encryptionSetId: pulumi.Output<string>;

  constructor(name: string, args: AksVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:AksVolumes", name, {}, opts);
    const { key, controlPlanePrincipalId, zoneRedundant = true, prefix } = args;
    this.name = name;
    this.sku = zoneRedundant ? "StandardSSD_ZRS" : "StandardSSD_LRS";
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

  /** Creates the default storage class of a cluster. Kubernetes prefers it to AKS' own default, which is older. */
  createStorageClass(provider: k8s.Provider): k8s.storage.v1.StorageClass {
    return new k8s.storage.v1.StorageClass(
      `${this.name}-storage-class`,
      {
        metadata: {
          name: "ssd-encrypted",
          labels: commonLabels(this.name, "storage"),
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "disk.csi.azure.com",
        parameters: { skuName: this.sku, diskEncryptionSetID: this.encryptionSetId },
        volumeBindingMode: "WaitForFirstConsumer", // creates the volume in the zone of its pod
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      { parent: this, provider },
    );
  }
}
