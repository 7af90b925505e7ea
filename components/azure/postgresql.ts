import * as dbforpostgresql from "@pulumi/azure-native/dbforpostgresql/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as privatedns from "@pulumi/azure-native/privatedns/index.js";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import { globalName } from "./names.ts";
import { commonInputs, placeOf, type AzurePlace } from "./place.ts";
import type { AzureKey } from "./key-vault.ts";
import { AzureKeyUser } from "./key-user.ts";
import type { AzureNetwork } from "./network.ts";

export interface AzurePostgresqlArgs extends AzurePlace {
  network: AzureNetwork;
  /** Key that encrypts the server. */
  key: AzureKey;
  /** Id of the Log Analytics workspace that gets the server's log. */
  workspaceId: pulumi.Input<string>;
  /** Object ids of the Entra groups that administer the server; at least one, because there are no passwords. */
  adminGroups: readonly string[];
  /** VM size of the server. @default Standard_D2ds_v5 */
  machine?: string;
  /** Initial storage: a power of two from 32 to 32768. It grows automatically. @default 128 */
  storageGib?: number;
  /** Keep a standby, which takes over. @default true */
  highAvailability?: boolean;
  /** Put the standby into another zone; false for a region without zones. @default true */
  zoneRedundant?: boolean;
  /** Days of point-in-time recovery; 7 to 35. @default 35 */
  backupDays?: number;
  /** Refuse to delete the server. @default true */
  protect?: boolean;
}

const VERSION = "17";

/**
 * A managed PostgreSQL server inside the network. Only Entra identities can log in, and the disks are encrypted with the given
 * key.
 *
 * @example
 * new AzurePostgresql("database", { ...place, network, key, workspaceId, adminGroups });
 */
export class AzurePostgresql extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port = 5432;

  constructor(name: string, args: AzurePostgresqlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:database:AzurePostgresql", name, {}, opts);
    const { network, key, workspaceId, adminGroups, machine = "Standard_D2ds_v5", storageGib = 128 } = args;
    const {
      highAvailability = true,
      zoneRedundant = true,
      backupDays = 35,
      protect = true,
      resourceGroupName,
      tags,
      tenant,
      prefix,
    } = args;
    within(7, 35, backupDays, `${name}: backupDays`);
    within(32, 32768, storageGib, `${name}: storageGib`);
    if (!Number.isInteger(Math.log2(storageGib)))
      throw new Error(`${name}: storageGib must be a power of two, such as 64 or 128, got ${storageGib}`);
    if (adminGroups.length === 0)
      throw new Error(`${name}: adminGroups must contain one Entra group or more, got none`);
    const tier = tierOf(machine, `${name}: machine`);
    if (tier === "Burstable" && highAvailability)
      throw new Error(
        `${name}: highAvailability must be false on ${machine}; use a Standard_D or Standard_E machine, or leave it out`,
      );
    const child = { parent: this };
    const zone = new privatedns.PrivateZone(
      `${name}-zone`,
      {
        resourceGroupName,
        tags,
        location: "global",
        privateZoneName: `${prefix}.private.postgres.database.azure.com`,
      },
      child,
    );
    const link = new privatedns.VirtualNetworkLink(
      `${name}-link`,
      {
        resourceGroupName,
        tags,
        location: "global",
        privateZoneName: zone.name,
        virtualNetworkLinkName: "network",
        virtualNetwork: { id: network.id },
        registrationEnabled: false,
      },
      child,
    );
    const user = new AzureKeyUser(`${name}-key-user`, { ...placeOf(args), key }, child);
    const server = new dbforpostgresql.Server(
      `${name}-server`,
      {
        ...commonInputs(args),
        serverName: globalName(args, "pg"),
        version: VERSION,
        createMode: "Default",
        sku: { name: machine, tier },
        storage: { storageSizeGB: storageGib, autoGrow: "Enabled" },
        authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Disabled", tenantId: tenant },
        network: {
          delegatedSubnetResourceId: network.subnets.database,
          privateDnsZoneArmResourceId: zone.id,
          publicNetworkAccess: "Disabled",
        },
        highAvailability: {
          mode: highAvailability ? (zoneRedundant ? "ZoneRedundant" : "SameZone") : "Disabled",
        },
        backup: { backupRetentionDays: backupDays, geoRedundantBackup: "Disabled" },
        identity: {
          type: "UserAssigned",
          userAssignedIdentities: user.id.apply((id) => ({ [id]: {} })),
        },
        dataEncryption: {
          type: "AzureKeyVault",
          primaryKeyURI: key.uri,
          primaryUserAssignedIdentityId: user.id,
        },
      },
      // Azure grows the storage, and a failover changes the zone.
      {
        parent: this,
        protect,
        dependsOn: [...user.ready, link],
        ignoreChanges: ["storage.storageSizeGB", "availabilityZone"],
      },
    );
    // Each one waits for the one before: the server accepts one change at a time.
    adminGroups.reduce<pulumi.Resource>(
      (before, objectId, index) =>
        new dbforpostgresql.AdministratorsMicrosoftEntra(
          `${name}-admins-${objectId}`,
          {
            resourceGroupName,
            serverName: server.name,
            objectId,
            principalName: `admins-${index}`, // name of the role in the database
            principalType: "group",
            tenantId: tenant,
          },
          { parent: this, deletedWith: server, dependsOn: before },
        ),
      server,
    );
    new monitor.DiagnosticSetting(
      `${name}-log`,
      {
        name: "server",
        resourceUri: server.id,
        workspaceId,
        logs: [{ category: "PostgreSQLLogs", enabled: true }],
      },
      child,
    );
    this.host = server.fullyQualifiedDomainName;
    this.registerOutputs({ host: this.host });
  }
}

function tierOf(machine: string, what: string): "Burstable" | "GeneralPurpose" | "MemoryOptimized" {
  const family = /^Standard_([BDE])\d/.exec(machine)?.[1];
  if (family === "B") return "Burstable";
  if (family === "D") return "GeneralPurpose";
  if (family === "E") return "MemoryOptimized";
  throw new Error(`${what} must be a Standard_B, Standard_D or Standard_E machine, got ${machine}`);
}
