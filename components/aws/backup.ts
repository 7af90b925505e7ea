import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import { backupStatements, type BackupStatementsArgs } from "./backup-statements.ts";
import type { AwsKey } from "./key.ts";
import { awsPolicy, trustService } from "./policy-document.ts";

export interface AwsBackupArgs {
  account: string;
  region: string;
  /** Name of the vault, unique in the account and region. */
  vaultName: string;
  /** Encrypts the backups in the vault. */
  key: AwsKey;
  /** Tag of the volumes to back up: `volumeTags` of `EksCluster` sets it on new volumes. */
  volumeTag: BackupStatementsArgs["volumeTag"];
  /** Bucket to back up; it must have versions. @default - none */
  bucketArn?: pulumi.Input<string>;
  /** RDS instance to back up. @default - none */
  databaseArn?: pulumi.Input<string>;
  /** Keys that encrypt the volumes, the bucket and the database. */
  dataKeyArns: readonly pulumi.Input<string>[];
  /** Hour of the day at which backups begin, in UTC; 0 to 23. @default 2 */
  hourUtc?: number;
  /** Days that a backup and its copy are kept; 1 to 360. @default 30 */
  retentionDays?: number;
  /** Another region, with a key in it, whose vault gets a copy of each backup. @default - no copies */
  copy?: { region: string; key: AwsKey };
  /** Refuse to delete the vaults. A vault with backups cannot be deleted otherwise either. @default true */
  protect?: boolean;
}

/** Minutes in which a backup must begin: the least that AWS accepts. */
const START_WINDOW_MINUTES = 60;
/** Minutes after which a backup that is not complete is given up. */
const COMPLETION_WINDOW_MINUTES = 12 * 60;

/**
 * Daily backups of the volumes of a cluster, of a bucket and of a database in a vault of AWS Backup, by a role with rights on these
 * resources alone.
 *
 * @example
 * new AwsBackup("backup", { account, region, vaultName: "slipway", key, volumeTag, dataKeyArns: [cluster.volumesKeyArn] });
 */
export class AwsBackup extends pulumi.ComponentResource {
  constructor(name: string, args: AwsBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:backup:AwsBackup", name, {}, opts);
    const { account, region, volumeTag, bucketArn, databaseArn, dataKeyArns, copy } = args;
    const { hourUtc = 2, retentionDays = 30 } = args;
    within(0, 23, hourUtc, `${name}: hourUtc`);
    within(1, 360, retentionDays, `${name}: retentionDays`);
    if (copy?.region === region)
      throw new Error(`${name}: copy.region must be another region than ${region}: leave copy out`);
    const child = { parent: this };
    const vault = this.createVault(`${name}-vault`, args, args.key);
    const copyVault = copy && this.createVault(`${name}-copies`, args, copy.key, copy.region);
    const vaults = copyVault === undefined ? [vault] : [vault, copyVault];
    const keys = copy === undefined ? [args.key] : [args.key, copy.key];

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "Backs up the volumes, objects and database of the platform",
        assumeRolePolicy: trustService("backup.amazonaws.com"),
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: awsPolicy(
          ...backupStatements({
            account,
            region,
            volumeTag,
            ...(bucketArn === undefined ? {} : { bucketArn }),
            ...(databaseArn === undefined ? {} : { databaseArn }),
            keyArns: [...dataKeyArns, ...keys.map(({ arn }) => arn)],
            vaultArns: vaults.map(({ arn }) => arn),
          }),
        ),
      },
      child,
    );
    const lifecycle = { deleteAfter: retentionDays };
    const plan = new aws.backup.Plan(
      `${name}-plan`,
      {
        rules: [
          {
            ruleName: "daily",
            targetVaultName: vault.name,
            schedule: `cron(0 ${hourUtc} * * ? *)`,
            startWindow: START_WINDOW_MINUTES,
            completionWindow: COMPLETION_WINDOW_MINUTES,
            lifecycle,
            ...(copyVault === undefined
              ? {}
              : { copyActions: [{ destinationVaultArn: copyVault.arn, lifecycle }] }),
          },
        ],
      },
      child,
    );
    // AWS Backup deletes old backups with this role, so it outlives the selections.
    const selected = { parent: this, dependsOn: [policy] };
    const selection = { planId: plan.id, iamRoleArn: role.arn };
    new aws.backup.Selection(
      `${name}-volumes`,
      {
        ...selection,
        resources: [`arn:aws:ec2:${region}:${account}:volume/*`],
        conditions: [{ stringEquals: [{ key: `aws:ResourceTag/${volumeTag.key}`, value: volumeTag.value }] }],
      },
      selected,
    );
    const stores = [bucketArn, databaseArn].filter((arn) => arn !== undefined);
    if (stores.length > 0)
      new aws.backup.Selection(`${name}-stores`, { ...selection, resources: stores }, selected);
    this.registerOutputs({});
  }

  private createVault(
    name: string,
    { vaultName, protect = true }: AwsBackupArgs,
    key: AwsKey,
    region?: string,
  ): aws.backup.Vault {
    return new aws.backup.Vault(
      name,
      {
        name: vaultName,
        kmsKeyArn: key.arn,
        forceDestroy: !protect,
        ...(region === undefined ? {} : { region }),
      },
      { parent: this, protect, dependsOn: [key.resource] },
    );
  }
}
