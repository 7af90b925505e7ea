import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../../platform/kubernetes/at-least.ts";
import type { GcpKey } from "../key.ts";

export interface GkeBackupArgs {
  project: pulumi.Input<string>;
  /** Region of the cluster, in which the backups stay. */
  region: string;
  /** Id of a cluster with `backupAgent`. */
  clusterId: pulumi.Input<string>;
  /** Encrypts the backups of objects; its users must include GKE and Backup for GKE. Volumes keep the key of their disks. */
  key: GcpKey;
  /** Hour of the day at which backups begin, in UTC; 0 to 23. @default 2 */
  hourUtc?: number;
  /** Days that a backup is kept; 1 to 360. @default 30 */
  retentionDays?: number;
  /** Refuse to delete the plan. Google refuses to delete one that has backups. @default true */
  protect?: boolean;
}

/**
 * Daily backups of the volumes and objects of a cluster in Backup for GKE. Secrets are left out: the stacks and their operator create
 * them again.
 *
 * @example
 * new GkeBackup("backup", { project: project.id, region: "europe-west4", clusterId: cluster.id, key });
 */
export class GkeBackup extends pulumi.ComponentResource {
  constructor(name: string, args: GkeBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:backup:GkeBackup", name, {}, opts);
    const { project, region, clusterId, key, hourUtc = 2, retentionDays = 30, protect = true } = args;
    within(0, 23, hourUtc, `${name}: hourUtc`);
    within(1, 360, retentionDays, `${name}: retentionDays`); // Google keeps at most 360 daily backups
    new gcp.gkebackup.BackupPlan(
      `${name}-plan`,
      {
        project,
        location: region,
        cluster: clusterId,
        backupConfig: {
          allNamespaces: true,
          includeVolumeData: true,
          includeSecrets: false,
          encryptionKey: { gcpKmsEncryptionKey: key.keyName },
        },
        backupSchedule: { cronSchedule: `0 ${hourUtc} * * *` },
        retentionPolicy: { backupRetainDays: retentionDays },
      },
      { parent: this, protect },
    );
    this.registerOutputs({});
  }
}
