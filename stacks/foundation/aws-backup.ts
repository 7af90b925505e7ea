import type * as pulumi from "@pulumi/pulumi";
import { AwsBackup, type AwsBackupArgs } from "../../components/aws/backup.ts";
import { EcrReplication } from "../../components/aws/ecr-replication.ts";
import { AwsKey } from "../../components/aws/key.ts";
import type { BackupConfig } from "../config/schema/backup.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { EksConfig } from "../config/schema/cluster.ts";

/** Creates the backups of a foundation, and what its copies in another region need. */
export function awsBackup(
  { account, region }: EksConfig,
  { prefix, protect, backup }: Pick<CloudConfig, "prefix" | "protect"> & { backup: BackupConfig },
  data: Pick<AwsBackupArgs, "volumeTag" | "bucketArn" | "dataKeyArns"> & {
    databaseArn: pulumi.Output<string> | undefined;
  },
  opts: pulumi.ComponentResourceOptions,
): void {
  const { hourUtc, retentionDays, copyRegion, copyRegistry } = backup;
  const createKey = (name: string, keyRegion?: string): AwsKey =>
    new AwsKey(
      `${name}-encryption`,
      { description: "Backups", account, protect, ...(keyRegion === undefined ? {} : { region: keyRegion }) },
      opts,
    );
  const { databaseArn, ...rest } = data;
  new AwsBackup(
    "backup",
    {
      account,
      region,
      vaultName: prefix,
      key: createKey("backup"),
      ...rest,
      ...(databaseArn === undefined ? {} : { databaseArn }),
      hourUtc,
      retentionDays,
      ...(copyRegion === undefined
        ? {}
        : { copy: { region: copyRegion, key: createKey("backup-copies", copyRegion) } }),
      protect,
    },
    opts,
  );
  if (copyRegistry && copyRegion !== undefined)
    new EcrReplication("registry-copies", { account, region, copyRegion }, opts);
}
