import { expect, test } from "vitest";
import { RdsPostgresql, type RdsPostgresqlArgs } from "../../../components/aws/rds-postgresql.ts";
import { AwsKey } from "../../../components/aws/key.ts";
import { AwsVpc } from "../../../components/aws/vpc.ts";
import { find, list, named, record } from "../record.ts";
import { ACCOUNT, place } from "./aws-outputs.ts";

const build = (args: Partial<RdsPostgresqlArgs> = {}) =>
  record(() => {
    const key = new AwsKey("key", { description: "PostgreSQL", account: ACCOUNT });
    const network = new AwsVpc("network", { ...place, logsKey: key });
    return new RdsPostgresql("database", { network, clients: "sg-nodes", key, ...args });
  });
const INSTANCE = "aws:rds/instance:Instance";

test("PostgreSQL is private, encrypted and backed up, with a standby and a password that only AWS knows", async () => {
  const { resources } = await build();
  expect(list(named(resources, "database"))).toEqual([
    "aws:ec2/securityGroup:SecurityGroup database-group",
    "aws:iam/role:Role database-monitoring",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment database-monitoring-policy",
    `${INSTANCE} database-instance`,
    "aws:rds/parameterGroup:ParameterGroup database-parameters",
    "aws:rds/subnetGroup:SubnetGroup database-subnets",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule database-ingress",
    "slipway:database:RdsPostgresql database",
  ]);
  const instance = find(resources, INSTANCE, "database-instance");
  expect(instance).toMatchObject({
    publiclyAccessible: false,
    storageEncrypted: true,
    kmsKeyId: "arn:key-key",
    multiAz: true,
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: "arn:key-key",
    iamDatabaseAuthenticationEnabled: true,
    backupRetentionPeriod: 14,
    deletionProtection: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "database-final-key-key-",
  });
  expect(instance).not.toHaveProperty("password");
  expect(find(resources, "aws:rds/parameterGroup:ParameterGroup", "database-parameters")).toMatchObject({
    parameters: expect.arrayContaining([{ name: "rds.force_ssl", value: "1" }]) as unknown,
  });
});

test("without protection it can be deleted completely", async () => {
  const { resources } = await build({ protect: false, highAvailability: false });
  const instance = find(resources, INSTANCE, "database-instance");
  expect(instance).toMatchObject({ deletionProtection: false, skipFinalSnapshot: true, multiAz: false });
  expect(instance).not.toHaveProperty("finalSnapshotIdentifier");
});

test.each([
  [{ storageGib: 5 }, "database: storageGib must be at least 20, got 5"],
  [{ backupDays: 1 }, "database: backupDays must be between 7 and 35, got 1"],
])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
