import { expect, test } from "vitest";
import { AwsBackup, type AwsBackupArgs } from "../../../components/aws/backup.ts";
import { EcrReplication } from "../../../components/aws/ecr-replication.ts";
import { AwsKey } from "../../../components/aws/key.ts";
import { find, list, named, record } from "../record.ts";
import { ACCOUNT, json, place, REGION } from "./aws-outputs.ts";

const volumeTag = { key: "slipway-backup", value: "slipway" };
const build = (args: Partial<AwsBackupArgs> = {}, copyTo?: string) =>
  record(() => {
    const createKey = (name: string, region?: string) =>
      new AwsKey(name, {
        description: "Backups",
        account: ACCOUNT,
        ...(region === undefined ? {} : { region }),
      });
    return new AwsBackup("backup", {
      ...place,
      vaultName: "slipway",
      key: createKey("key"),
      volumeTag,
      dataKeyArns: ["arn:volumes-key"],
      ...args,
      ...(copyTo === undefined ? {} : { copy: { region: copyTo, key: createKey("copies-key", copyTo) } }),
    });
  });
interface Statement {
  Sid: string;
  Action: string[];
  Resource: string | string[];
  Condition?: object;
}
const statements = async (...args: Parameters<typeof build>): Promise<Statement[]> => {
  const { resources } = await build(...args);
  const policy = find(resources, "aws:iam/rolePolicy:RolePolicy", "backup-policy")["policy"];
  return (json(policy) as { Statement: Statement[] }).Statement;
};

test("volumes with the tag are backed up at 2 in the night, and kept for 30 days in an encrypted vault", async () => {
  const { resources } = await build();
  expect(list(named(resources, "backup"))).toEqual([
    "aws:backup/plan:Plan backup-plan",
    "aws:backup/selection:Selection backup-volumes",
    "aws:backup/vault:Vault backup-vault",
    "aws:iam/role:Role backup-role",
    "aws:iam/rolePolicy:RolePolicy backup-policy",
    "slipway:backup:AwsBackup backup",
  ]);
  expect(find(resources, "aws:backup/vault:Vault", "backup-vault")).toEqual({
    name: "slipway",
    kmsKeyArn: "arn:key-key",
    forceDestroy: false,
  });
  expect(find(resources, "aws:backup/plan:Plan", "backup-plan")).toMatchObject({
    rules: [{ schedule: "cron(0 2 * * ? *)", targetVaultName: "slipway", lifecycle: { deleteAfter: 30 } }],
  });
  expect(find(resources, "aws:backup/selection:Selection", "backup-volumes")).toMatchObject({
    resources: [`arn:aws:ec2:${REGION}:${ACCOUNT}:volume/*`],
    conditions: [{ stringEquals: [{ key: "aws:ResourceTag/slipway-backup", value: "slipway" }] }],
  });
});

test("the role may snapshot the tagged volumes alone, and has no right on buckets and databases that are not there", async () => {
  const found = await statements();
  expect(found.find(({ Sid }) => Sid === "SnapshotVolumes")?.Condition).toEqual({
    StringEquals: { "aws:ResourceTag/slipway-backup": "slipway" },
  });
  expect(found.flatMap(({ Action }) => Action).filter((action) => /^(s3|rds):/.test(action))).toEqual([]);
  expect(found.find(({ Sid }) => Sid === "UseKeys")?.Resource).toEqual(["arn:volumes-key", "arn:key-key"]);
});

test("a bucket and a database are backed up by their ARNs, with rights on these alone", async () => {
  const args = { bucketArn: "arn:aws:s3:::objects", databaseArn: "arn:aws:rds:database" };
  const { resources } = await build(args);
  expect(find(resources, "aws:backup/selection:Selection", "backup-stores")["resources"]).toEqual([
    "arn:aws:s3:::objects",
    "arn:aws:rds:database",
  ]);
  const resourcesOf = async (sid: string) =>
    (await statements(args)).find(({ Sid }) => Sid === sid)?.Resource;
  expect(await resourcesOf("ReadObjects")).toBe("arn:aws:s3:::objects/*");
  expect(await resourcesOf("SnapshotDatabase")).toEqual([
    "arn:aws:rds:database",
    `arn:aws:rds:*:${ACCOUNT}:snapshot:*`,
  ]);
});

test("copies go to a vault in the other region, with a key of that region", async () => {
  const { resources } = await build({}, "eu-west-1");
  expect(find(resources, "aws:kms/key:Key", "copies-key-key")).toMatchObject({ region: "eu-west-1" });
  expect(find(resources, "aws:backup/vault:Vault", "backup-copies")).toMatchObject({
    region: "eu-west-1",
    kmsKeyArn: "arn:copies-key-key",
  });
  expect(find(resources, "aws:backup/plan:Plan", "backup-plan")).toMatchObject({
    rules: [{ copyActions: [{ destinationVaultArn: "arn:backup-copies", lifecycle: { deleteAfter: 30 } }] }],
  });
});

test.each([
  [{ hourUtc: 24 }, undefined, "backup: hourUtc must be between 0 and 23, got 24"],
  [{ retentionDays: 0 }, undefined, "backup: retentionDays must be between 1 and 360, got 0"],
  [{}, REGION, `backup: copy.region must be another region than ${REGION}`],
])("refuses %o with copies in %s", async (args, copyTo, message) => {
  await expect(build(args, copyTo)).rejects.toThrow(message);
});

test("ECR copies every repository to another region of the account", async () => {
  const { resources } = await record(
    () => new EcrReplication("copies", { ...place, copyRegion: "eu-west-1" }),
  );
  expect(
    find(resources, "aws:ecr/replicationConfiguration:ReplicationConfiguration", "copies-replication"),
  ).toEqual({
    replicationConfiguration: {
      rules: [{ destinations: [{ region: "eu-west-1", registryId: ACCOUNT }] }],
    },
  });
  await expect(record(() => new EcrReplication("copies", { ...place, copyRegion: REGION }))).rejects.toThrow(
    "copies: copyRegion must be another region",
  );
});
