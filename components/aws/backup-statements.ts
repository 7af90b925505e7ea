import * as pulumi from "@pulumi/pulumi";
import type { AwsStatement } from "./policy-document.ts";

type Texts = readonly pulumi.Input<string>[];

export interface BackupStatementsArgs {
  account: string;
  region: string;
  /** Tag of the volumes. */
  volumeTag: { key: string; value: string };
  bucketArn?: pulumi.Input<string>;
  databaseArn?: pulumi.Input<string>;
  /** Keys that encrypt the data and the backups. */
  keyArns: Texts;
  /** Vaults that get backups or copies. */
  vaultArns: Texts;
}

/**
 * Returns the rights that AWS Backup needs for tagged volumes, one bucket and one database: those of AWS's managed policies for these
 * services, limited to the resources.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html
 */
export function backupStatements(args: BackupStatementsArgs): AwsStatement[] {
  const { bucketArn, databaseArn, keyArns, vaultArns } = args;
  return [
    { Sid: "FindResources", Action: ["tag:GetResources"], Resource: "*" },
    {
      Sid: "UseVaults",
      Action: ["backup:DescribeBackupVault", "backup:CopyIntoBackupVault", "backup:CopyFromBackupVault"],
      Resource: [...vaultArns],
    },
    ...volumeStatements(args),
    {
      Sid: "UseKeys",
      Action: ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [...keyArns],
    },
    {
      Sid: "EncryptSnapshots",
      Action: ["kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptTo", "kms:ReEncryptFrom"],
      Resource: [...keyArns],
    },
    {
      Sid: "LetServicesUseKeys",
      Action: ["kms:CreateGrant"],
      Resource: [...keyArns],
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    ...(databaseArn === undefined ? [] : databaseStatements(args, databaseArn)),
    ...(bucketArn === undefined ? [] : bucketStatements(args, bucketArn)),
  ];
}

function volumeStatements({ account, region, volumeTag }: BackupStatementsArgs): AwsStatement[] {
  return [
    {
      Sid: "SnapshotVolumes",
      Action: ["ec2:CreateSnapshot"],
      Resource: `arn:aws:ec2:${region}:${account}:volume/*`,
      Condition: { StringEquals: { [`aws:ResourceTag/${volumeTag.key}`]: volumeTag.value } },
    },
    {
      // Snapshots have no account in their ARN. Those of other accounts are closed to this role in any case.
      Sid: "ManageSnapshots",
      Action: ["ec2:CreateSnapshot", "ec2:CopySnapshot", "ec2:CreateTags", "ec2:DeleteSnapshot"],
      Resource: "arn:aws:ec2:*::snapshot/*",
    },
    {
      // IAM cannot restrict these actions to a resource.
      Sid: "DescribeVolumes",
      Action: ["ec2:DescribeVolumes", "ec2:DescribeSnapshots", "ec2:DescribeTags"],
      Resource: "*",
    },
  ];
}

function databaseStatements(
  { account }: BackupStatementsArgs,
  databaseArn: pulumi.Input<string>,
): AwsStatement[] {
  // The regions of the copies are among these snapshots.
  const snapshots = `arn:aws:rds:*:${account}:snapshot:*`;
  return [
    {
      Sid: "SnapshotDatabase",
      Action: [
        "rds:CreateDBSnapshot",
        "rds:CopyDBSnapshot",
        "rds:AddTagsToResource",
        "rds:ListTagsForResource",
        "rds:DescribeDBInstances",
        "rds:DescribeDBSnapshots",
      ],
      Resource: [databaseArn, snapshots],
    },
    {
      Sid: "DeleteSnapshotsOfDatabase",
      Action: ["rds:DeleteDBSnapshot", "rds:ModifyDBSnapshotAttribute"],
      Resource: `arn:aws:rds:*:${account}:snapshot:awsbackup:*`,
    },
  ];
}

function bucketStatements(
  { account, region }: BackupStatementsArgs,
  bucketArn: pulumi.Input<string>,
): AwsStatement[] {
  return [
    {
      Sid: "ReadBucket",
      Action: [
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketLocation",
        "s3:GetBucketAcl",
        "s3:GetBucketNotification",
        "s3:PutBucketNotification",
        "s3:GetInventoryConfiguration",
        "s3:PutInventoryConfiguration",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:ListTagsForResource",
      ],
      Resource: bucketArn,
    },
    {
      Sid: "ReadObjects",
      Action: [
        "s3:GetObject",
        "s3:GetObjectAcl",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
      ],
      Resource: pulumi.interpolate`${bucketArn}/*`,
    },
    {
      // AWS Backup learns of changed objects by rules that it creates itself.
      Sid: "FollowChanges",
      Action: [
        "events:DescribeRule",
        "events:PutRule",
        "events:EnableRule",
        "events:DisableRule",
        "events:DeleteRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:ListTargetsByRule",
      ],
      Resource: `arn:aws:events:${region}:${account}:rule/AwsBackupManagedRule*`,
    },
    {
      Sid: "TagRecoveryPoints",
      Action: ["backup:TagResource"],
      Resource: `arn:aws:backup:*:${account}:recovery-point:*`,
    },
    {
      // IAM cannot restrict these actions to a resource.
      Sid: "ListForBucket",
      Action: ["s3:ListAllMyBuckets", "events:ListRules", "cloudwatch:GetMetricData"],
      Resource: "*",
    },
  ];
}
