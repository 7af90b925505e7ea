import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as redisenterprise from "@pulumi/azure-native/redisenterprise/index.js";
import * as pulumi from "@pulumi/pulumi";
import { globalName } from "./names.ts";
import { commonInputs, placeOf, type AzurePlace } from "./place.ts";
import { azureRedisSize } from "./redis-sizes.ts";
import type { AzureKey } from "./key-vault.ts";
import { AzureKeyUser } from "./key-user.ts";
import type { AzureNetwork } from "./network.ts";
import { AzurePrivateEndpoint } from "./private-endpoint.ts";

export interface AzureRedisArgs extends AzurePlace {
  network: AzureNetwork;
  /** Key that encrypts the disks and snapshots. */
  key: AzureKey;
  /** Id of the Log Analytics workspace that gets the log of connections. */
  workspaceId: pulumi.Input<string>;
  /** Size of Azure Managed Redis, such as `MemoryOptimized_M20`. @default - the smallest balanced size with `memoryGib` */
  machine?: string;
  /** Memory for data; up to 120. @default 1 */
  memoryGib?: number;
  /** Replicas that take over; must be 1, the only number that Azure offers. @default 1 */
  replicas?: number;
  /** Refuse to delete it. @default true */
  protect?: boolean;
}

/** Port of every Azure Managed Redis. */
export const AZURE_REDIS_PORT = 10000;
const DATABASE = "default";

/**
 * Azure Managed Redis with two nodes in two zones, TLS 1.2 or newer, snapshots every hour and no public address, encrypted with
 * the given key. The service replaces Azure Cache for Redis, which accepts no new customers and ends in 2028.
 *
 * @example
 * const redis = new AzureRedis("redis", { ...place, network, key, workspaceId, memoryGib: 6 });
 */
export class AzureRedis extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port = AZURE_REDIS_PORT;
  /** Access key of the database; a Pulumi secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: AzureRedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:redis:AzureRedis", name, {}, opts);
    const { key, workspaceId, memoryGib = 1, replicas = 1, protect = true, resourceGroupName } = args;
    const { machine = azureRedisSize(memoryGib, `${name}: memoryGib`) } = args;
    if (replicas !== 1)
      throw new Error(
        `${name}: replicas must be 1, the only number that Azure Managed Redis offers, got ${replicas}`,
      );
    const user = new AzureKeyUser(`${name}-key-user`, { ...placeOf(args), key }, { parent: this });
    const cluster = new redisenterprise.RedisEnterprise(
      `${name}-cluster`,
      {
        ...commonInputs(args),
        clusterName: globalName(args, "redis"),
        sku: { name: machine },
        highAvailability: "Enabled",
        minimumTlsVersion: "1.2",
        publicNetworkAccess: "Disabled",
        identity: { type: "UserAssigned", userAssignedIdentities: [user.id] },
        encryption: {
          customerManagedKeyEncryption: {
            keyEncryptionKeyUrl: key.versionedUri,
            keyEncryptionKeyIdentity: {
              identityType: "userAssignedIdentity",
              userAssignedIdentityResourceId: user.id,
            },
          },
        },
      },
      { parent: this, protect, dependsOn: user.ready },
    );
    const database = new redisenterprise.Database(
      `${name}-database`,
      {
        resourceGroupName,
        clusterName: cluster.name,
        databaseName: DATABASE,
        port: AZURE_REDIS_PORT,
        clientProtocol: "Encrypted",
        clusteringPolicy: "EnterpriseCluster", // one address: clients do not need to know the shards
        evictionPolicy: "VolatileTTL", // evicts feature rows, which have a time to live, but not prediction logs
        persistence: { rdbEnabled: true, rdbFrequency: "1h" },
        accessKeysAuthentication: "Enabled",
      },
      { parent: this, protect, deletedWith: cluster },
    );
    new monitor.DiagnosticSetting(
      `${name}-connection-log`,
      {
        name: "connections",
        resourceUri: database.id,
        workspaceId,
        logs: [{ category: "ConnectionEvents", enabled: true }],
      },
      { parent: this },
    );
    new AzurePrivateEndpoint(
      `${name}-private`,
      {
        ...placeOf(args),
        network: args.network,
        service: "redis",
        target: cluster.id,
        group: "redisEnterprise",
      },
      { parent: this },
    );
    this.host = cluster.hostName;
    // Azure generates the access key, and only this call returns it. It waits for the database, so a first preview skips it.
    const { primaryKey } = redisenterprise.listDatabaseKeysOutput(
      { resourceGroupName, clusterName: cluster.name, databaseName: database.name },
      { parent: this },
    );
    this.password = pulumi.secret(primaryKey);
    this.registerOutputs({ host: this.host });
  }
}
