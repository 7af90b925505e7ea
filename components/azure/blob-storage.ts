import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as storage from "@pulumi/azure-native/storage/index.js";
import type { storage as types } from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { atLeast, within } from "../platform/kubernetes/at-least.ts";
import { globalName } from "./names.ts";
import { inPlace, placeOf, type AzurePlace } from "./place.ts";
import type { AzureKey } from "./key-vault.ts";
import { AzureKeyUser } from "./key-user.ts";
import type { AzureNetwork } from "./network.ts";
import { AzurePrivateEndpoint } from "./private-endpoint.ts";

export interface BlobStorageArgs extends AzurePlace {
  /** Part of the account's name: 1 to 6 lower-case letters and digits. */
  purpose: string;
  network: AzureNetwork;
  /** Key that encrypts the account. */
  key: AzureKey;
  /** Id of the Log Analytics workspace that gets the log of reads, writes and deletes. */
  workspaceId: pulumi.Input<string>;
  /** Names of containers. @default - none */
  containers?: readonly string[];
  /** Days for which a deleted blob or container, and an old version, can be had back; 1 to 365. @default 30 */
  keepDeletedDays?: number;
  /** Days after which blobs are deleted. @default - never */
  expireDays?: number;
  /** Copies: in three zones of the region, or in one where it has no zones. @default Standard_ZRS */
  redundancy?: "Standard_ZRS" | "Standard_LRS";
  /** Let services of Azure in that write here, such as flow logs, as who they are. @default false, none but the private endpoint */
  azureServices?: boolean;
  /** Refuse to delete the account. @default true */
  protect?: boolean;
}

/**
 * A storage account for blobs, versioned and encrypted with an own key. Nobody has keys to it: identities have roles on
 * it, over TLS, from inside the network.
 *
 * @example
 * const data = new BlobStorage("data", { ...place, purpose: "data", network, key, workspaceId, containers: ["artifacts"] });
 */
export class BlobStorage extends pulumi.ComponentResource {
  /** Scope of roles on the whole account. */
  readonly id: pulumi.Output<string>;
  readonly accountName: pulumi.Output<string>;
  /** `https://<account>.blob.core.windows.net`. */
  readonly url: string;
  private readonly containers: ReadonlyMap<string, storage.BlobContainer>;

  constructor(name: string, args: BlobStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:object-storage:BlobStorage", name, {}, opts);
    const { purpose, key, workspaceId, containers = [], keepDeletedDays = 30, expireDays } = args;
    const { redundancy = "Standard_ZRS", azureServices = false, protect = true, resourceGroupName } = args;
    if (!/^[a-z0-9]{1,6}$/.test(purpose))
      throw new Error(`${name}: purpose must be 1 to 6 lower-case letters and digits, got ${purpose}`);
    within(1, 365, keepDeletedDays, `${name}: keepDeletedDays`);
    if (expireDays !== undefined) atLeast(1, expireDays, `${name}: expireDays`);
    const accountName = globalName(args, purpose);
    const user = new AzureKeyUser(`${name}-key-user`, { ...placeOf(args), key }, { parent: this });
    const account = new storage.StorageAccount(
      `${name}-account`,
      {
        ...inPlace(args),
        accountName,
        kind: "StorageV2",
        sku: { name: redundancy },
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: "TLS1_2",
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        allowCrossTenantReplication: false,
        defaultToOAuthAuthentication: true,
        isLocalUserEnabled: false,
        isSftpEnabled: false,
        publicNetworkAccess: azureServices ? "Enabled" : "Disabled",
        networkRuleSet: { defaultAction: "Deny", bypass: azureServices ? "AzureServices" : "None" },
        identity: { type: "UserAssigned", userAssignedIdentities: [user.id] },
        encryption: {
          keySource: "Microsoft.Keyvault",
          keyVaultProperties: { keyVaultUri: key.vaultUri, keyName: key.name },
          encryptionIdentity: { encryptionUserAssignedIdentity: user.id },
          requireInfrastructureEncryption: true,
          services: {
            blob: { enabled: true, keyType: "Account" },
            file: { enabled: true, keyType: "Account" },
          },
        },
      },
      { parent: this, protect, dependsOn: user.ready },
    );
    const held = { parent: this, deletedWith: account };
    const kept = { enabled: true, days: keepDeletedDays };
    const blobs = new storage.BlobServiceProperties(
      `${name}-blobs`,
      {
        resourceGroupName,
        accountName: account.name,
        blobServicesName: "default",
        isVersioningEnabled: true,
        changeFeed: { enabled: true, retentionInDays: keepDeletedDays },
        deleteRetentionPolicy: kept,
        containerDeleteRetentionPolicy: kept,
      },
      held,
    );
    new storage.ManagementPolicy(
      `${name}-lifecycle`,
      {
        resourceGroupName,
        accountName: account.name,
        managementPolicyName: "default",
        policy: { rules: [lifecycle(keepDeletedDays, expireDays)] },
      },
      { ...held, dependsOn: blobs }, // versions have to be on before they can expire
    );
    this.containers = new Map(
      containers.map((containerName) => [
        containerName,
        new storage.BlobContainer(
          `${name}-${containerName}-container`,
          {
            resourceGroupName,
            accountName: account.name,
            containerName,
            publicAccess: storage.PublicAccess.None,
          },
          { ...held, protect, dependsOn: blobs },
        ),
      ]),
    );
    new monitor.DiagnosticSetting(
      `${name}-access-log`,
      {
        name: "access",
        resourceUri: pulumi.interpolate`${account.id}/blobServices/default`,
        workspaceId,
        logs: ["StorageRead", "StorageWrite", "StorageDelete"].map((category) => ({
          category,
          enabled: true,
        })),
      },
      { parent: this, dependsOn: blobs },
    );
    new AzurePrivateEndpoint(
      `${name}-private`,
      { ...placeOf(args), network: args.network, service: "blob", target: account.id, group: "blob" },
      { parent: this },
    );
    this.id = account.id;
    this.accountName = account.urn.apply(() => accountName);
    this.url = `https://${accountName}.blob.core.windows.net`;
    this.registerOutputs({ url: this.url });
  }

  /** Scope of roles on one of `containers`. Throws for any other. */
  containerId(containerName: string): pulumi.Output<string> {
    const container = this.containers.get(containerName);
    if (container === undefined) throw new Error(`blob storage: containers must name ${containerName}`);
    return container.id;
  }
}

/** Old versions go when they could not be had back any more, blobs after `expireDays`. */
function lifecycle(keepDeletedDays: number, expireDays: number | undefined): types.ManagementPolicyRuleArgs {
  const expire = expireDays && { baseBlob: { delete: { daysAfterModificationGreaterThan: expireDays } } };
  return {
    name: "expire",
    type: "Lifecycle",
    enabled: true,
    definition: {
      filters: { blobTypes: ["blockBlob"] },
      actions: { version: { delete: { daysAfterCreationGreaterThan: keepDeletedDays } }, ...expire },
    },
  };
}
