import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as storage from "@pulumi/azure-native/storage/index.js";
import type { storage as types } from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { atLeast, within } from "../platform/kubernetes/at-least.ts";
import { globalName } from "./names.ts";
import { firewallRanges } from "./admin-networks.ts";
import { commonInputs, placeOf, type AzurePlace } from "./place.ts";
import { grantAzureAdmins } from "./role-assignment.ts";
import type { AzureKey } from "./key-vault.ts";
import { AzureKeyUser } from "./key-user.ts";
import type { PrivateNetwork } from "./network.ts";
import { AzurePrivateEndpoint } from "./private-endpoint.ts";

export interface BlobStorageArgs extends AzurePlace {
  /** Part of the account's name: 1 to 6 lower-case letters and digits. */
  purpose: string;
  network: PrivateNetwork;
  /** Key that encrypts the account. */
  key: AzureKey;
  /** Id of the Log Analytics workspace that gets the log of reads, writes and deletes. */
  workspaceId: pulumi.Input<string>;
  /** Names of the blob containers. @default - none */
  containers?: readonly string[];
  /** Days in which deleted blobs, deleted containers and old versions can be restored; 1 to 365. @default 30 */
  keepDeletedDays?: number;
  /** Days after which blobs are deleted. @default - never */
  expireDays?: number;
  /** Copies in three zones of the region (ZRS), or in one data center (LRS), for regions without zones. @default Standard_ZRS */
  redundancy?: "Standard_ZRS" | "Standard_LRS";
  /** Let trusted Azure services, such as flow logs, write with their own identity. @default false: only the private endpoint */
  azureServices?: boolean;
  /** Object ids of the Entra groups whose members may read and write blobs. @default - none */
  adminGroups?: readonly string[];
  /** Networks of administrators. Those of the internet may reach the account; the network admits private ones. @default - none */
  adminCidrs?: readonly string[];
  /** Refuse to delete the account. @default true */
  protect?: boolean;
}

/**
 * A storage account for blobs, with versions, encrypted with the given key. Account keys are disabled: clients need an identity
 * with a role, and connect over TLS from inside the network.
 *
 * @example
 * const data = new BlobStorage("data", { ...place, purpose: "data", network, key, workspaceId, containers: ["artifacts"] });
 */
export class BlobStorage extends pulumi.ComponentResource {
  /** Id of the account: the scope for role assignments. */
  readonly id: pulumi.Output<string>;
  readonly accountName: pulumi.Output<string>;
  /** `https://<account>.blob.core.windows.net`. */
  readonly url: string;
  private readonly containers: ReadonlyMap<string, storage.BlobContainer>;

  constructor(name: string, args: BlobStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:object-storage:BlobStorage", name, {}, opts);
    const { purpose, key, workspaceId, containers = [], keepDeletedDays = 30, expireDays } = args;
    const { redundancy = "Standard_ZRS", azureServices = false, protect = true, resourceGroupName } = args;
    const { adminGroups = [], adminCidrs } = args;
    const ranges = firewallRanges(adminCidrs);
    if (!/^[a-z0-9]{1,6}$/.test(purpose))
      throw new Error(`${name}: purpose must be 1 to 6 lower-case letters and digits, got ${purpose}`);
    within(1, 365, keepDeletedDays, `${name}: keepDeletedDays`);
    if (expireDays !== undefined) atLeast(1, expireDays, `${name}: expireDays`);
    const accountName = globalName(args, purpose);
    const user = new AzureKeyUser(`${name}-key-user`, { ...placeOf(args), key }, { parent: this });
    const account = new storage.StorageAccount(
      `${name}-account`,
      {
        ...commonInputs(args),
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
        publicNetworkAccess: azureServices || ranges.length > 0 ? "Enabled" : "Disabled",
        networkRuleSet: {
          defaultAction: storage.DefaultAction.Deny,
          bypass: azureServices ? "AzureServices" : "None",
          ipRules: ranges.map((range) => ({ action: storage.Action.Allow, iPAddressOrRange: range })),
        },
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
    const inAccount = { parent: this, deletedWith: account };
    const retention = { enabled: true, days: keepDeletedDays };
    const blobs = new storage.BlobServiceProperties(
      `${name}-blobs`,
      {
        resourceGroupName,
        accountName: account.name,
        blobServicesName: "default",
        isVersioningEnabled: true,
        changeFeed: { enabled: true, retentionInDays: keepDeletedDays },
        deleteRetentionPolicy: retention,
        containerDeleteRetentionPolicy: retention,
      },
      inAccount,
    );
    new storage.ManagementPolicy(
      `${name}-lifecycle`,
      {
        resourceGroupName,
        accountName: account.name,
        managementPolicyName: "default",
        policy: { rules: [lifecycle(keepDeletedDays, expireDays)] },
      },
      { ...inAccount, dependsOn: blobs }, // versioning must be on before versions can expire
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
          { ...inAccount, protect, dependsOn: blobs },
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
    grantAzureAdmins(
      name,
      { place: args, role: "Storage Blob Data Contributor", adminGroups, scope: account.id },
      { parent: this },
    );
    this.id = account.id;
    this.accountName = account.urn.apply(() => accountName);
    this.url = `https://${accountName}.blob.core.windows.net`;
    this.registerOutputs({ url: this.url });
  }

  /** Id of a container: the scope for role assignments. Throws for a container that is not in `containers`. */
  containerId(containerName: string): pulumi.Output<string> {
    const container = this.containers.get(containerName);
    if (container === undefined) throw new Error(`blob storage: containers must contain ${containerName}`);
    return container.id;
  }
}

/** Lifecycle rule that deletes old versions after `keepDeletedDays`, and blobs after `expireDays`. */
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
