import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { atLeast, within } from "../platform/kubernetes/at-least.ts";
import type { GcpKey } from "./key.ts";
import type { GcpNetwork } from "./network.ts";

export interface CloudSqlPostgresqlArgs {
  project: pulumi.Input<string>;
  region: string;
  /** Network with `managedServices`. */
  network: GcpNetwork;
  /** Encrypts the data; its users must include Cloud SQL. */
  key: GcpKey;
  /** Machine type of the Enterprise edition. @default "db-custom-2-8192", 2 CPUs and 8 GiB */
  machine?: string;
  /** Initial size of the disk; at least 20. It grows automatically. @default 50 */
  storageGib?: number;
  /** Keep a standby in another zone, which takes over. @default false */
  highAvailability?: boolean;
  /** Number of daily backups that are kept; between 1 and 365. @default 14 */
  backups?: number;
  /** Refuse to delete it. @default true */
  protect?: boolean;
}

/** Days of point-in-time recovery: the most that the Enterprise edition offers. */
const POINT_IN_TIME_DAYS = 7;

/** Database flags: IAM authentication, and what the server logs. @see https://cloud.google.com/sql/docs/postgres/flags */
const FLAGS = {
  "cloudsql.iam_authentication": "on",
  log_checkpoints: "on",
  log_connections: "on",
  log_disconnections: "on",
  log_lock_waits: "on",
  log_temp_files: "0",
};

/**
 * Cloud SQL for PostgreSQL with one database and one user. It has only a private address, requires TLS, is encrypted with the
 * given key, is backed up daily, and can be restored to any second of the last week.
 *
 * @example
 * const database = new CloudSqlPostgresql("database", { project: project.id, region, network, key, highAvailability: true });
 */
export class CloudSqlPostgresql extends pulumi.ComponentResource {
  /** Address in the network. */
  readonly host: pulumi.Output<string>;
  readonly port = 5432;
  readonly database = "platform";
  readonly user = "platform";
  /** Password of `user`; a Pulumi secret. */
  readonly password: pulumi.Output<string>;
  /** PEM of the certificate authority of the server. */
  readonly caCertificate: pulumi.Output<string>;

  constructor(name: string, args: CloudSqlPostgresqlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:database:CloudSqlPostgresql", name, {}, opts);
    const { project, region, network, key, machine = "db-custom-2-8192", storageGib = 50 } = args;
    const { highAvailability = false, backups = 14, protect = true } = args;
    atLeast(20, storageGib, `${name}: storageGib`);
    within(1, 365, backups, `${name}: backups`);
    if (network.managedServicesNetwork === undefined)
      throw new Error(`${name}: network must be peered with managed services; give it managedServices`);
    const instance = new gcp.sql.DatabaseInstance(
      `${name}-instance`,
      {
        project,
        region,
        databaseVersion: "POSTGRES_17",
        encryptionKeyName: key.keyName,
        deletionProtection: protect,
        settings: {
          edition: "ENTERPRISE",
          tier: machine,
          availabilityType: highAvailability ? "REGIONAL" : "ZONAL",
          diskType: "PD_SSD",
          diskSize: storageGib,
          diskAutoresize: true,
          deletionProtectionEnabled: protect,
          ipConfiguration: {
            ipv4Enabled: false,
            privateNetwork: network.managedServicesNetwork,
            enablePrivatePathForGoogleCloudServices: false,
            sslMode: "ENCRYPTED_ONLY",
          },
          backupConfiguration: {
            enabled: true,
            startTime: "01:00",
            location: region,
            pointInTimeRecoveryEnabled: true,
            transactionLogRetentionDays: POINT_IN_TIME_DAYS,
            backupRetentionSettings: { retainedBackups: backups, retentionUnit: "COUNT" },
          },
          maintenanceWindow: { day: 7, hour: 3, updateTrack: "stable" },
          insightsConfig: { queryInsightsEnabled: true, recordClientAddress: false },
          databaseFlags: Object.entries(FLAGS).map(([flag, value]) => ({ name: flag, value })),
        },
      },
      // Cloud SQL grows the disk, and cannot shrink it.
      { parent: this, protect, ignoreChanges: ["settings.diskSize"] },
    );
    const child = { parent: this, deletedWith: instance };
    new gcp.sql.Database(
      `${name}-database`,
      { project, instance: instance.name, name: this.database },
      { ...child, protect },
    );
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 40, special: false },
      { parent: this, additionalSecretOutputs: ["result"] },
    );
    this.password = pulumi.secret(password.result);
    new gcp.sql.User(
      `${name}-user`,
      { project, instance: instance.name, name: this.user, password: this.password },
      { ...child, additionalSecretOutputs: ["password"] },
    );
    this.host = instance.privateIpAddress;
    this.caCertificate = instance.serverCaCerts.apply((certificates) =>
      certificates.map(({ cert }) => `${cert.trim()}\n`).join(""),
    );
    this.registerOutputs({ host: this.host });
  }
}
