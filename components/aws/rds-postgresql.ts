import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import { createServerGroup } from "./create-server-group.ts";
import { finalSnapshotName } from "./final-snapshot-name.ts";
import { trustService } from "./policy-document.ts";
import type { AwsKey } from "./key.ts";
import type { AwsVpc } from "./vpc.ts";

export interface RdsPostgresqlArgs {
  network: AwsVpc;
  /** Security group of the clients: only they can connect. */
  clients: pulumi.Input<string>;
  /** Encrypts the data, its backups and the password. */
  key: AwsKey;
  /** Instance class. @default db.m7g.large */
  machine?: string;
  /** Initial size of the storage; at least 20. It grows automatically up to four times that. @default 50 */
  storageGib?: number;
  /** A standby in another zone that takes over. @default true */
  highAvailability?: boolean;
  /** Days that backups are kept, for a restore to any second of them; 7 to 35. @default 14 */
  backupDays?: number;
  /** Refuse to delete it, in Pulumi and in AWS, and take a snapshot before AWS deletes it. @default true */
  protect?: boolean;
}

const PORT = 5432;
const MAJOR = "17";

/**
 * A managed PostgreSQL on RDS: private, encrypted with the given key, TLS only, with backups and a standby. AWS generates its
 * password, keeps it in Secrets Manager and rotates it.
 *
 * @example
 * const database = new RdsPostgresql("database", { network, clients: cluster.securityGroupId, key });
 */
export class RdsPostgresql extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port = PORT;
  readonly arn: pulumi.Output<string>;
  /** ARN of the secret with `username` and `password`. */
  readonly credentialsArn: pulumi.Output<string>;

  constructor(name: string, args: RdsPostgresqlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:database:RdsPostgresql", name, {}, opts);
    const { network, clients, key, machine = "db.m7g.large", storageGib = 50 } = args;
    const { highAvailability = true, backupDays = 14, protect = true } = args;
    atLeast(20, storageGib, `${name}: storageGib`);
    if (!(backupDays >= 7 && backupDays <= 35))
      throw new Error(`${name}: backupDays must be between 7 and 35, got ${backupDays}`);
    const child = { parent: this };
    const group = createServerGroup(name, { network, clients, software: "PostgreSQL", port: PORT }, child);
    const subnets = new aws.rds.SubnetGroup(
      `${name}-subnets`,
      { subnetIds: network.privateSubnetIds, description: "Private subnets" },
      child,
    );
    const parameters = new aws.rds.ParameterGroup(
      `${name}-parameters`,
      {
        family: `postgres${MAJOR}`,
        description: "TLS alone; statements that change the schema are logged",
        parameters: [
          { name: "rds.force_ssl", value: "1" },
          { name: "log_statement", value: "ddl" },
          { name: "log_connections", value: "1" },
        ],
      },
      child,
    );
    const monitoringRole = new aws.iam.Role(
      `${name}-monitoring`,
      {
        description: "Sends the metrics of the database's machine",
        assumeRolePolicy: trustService("monitoring.rds.amazonaws.com"),
      },
      child,
    );
    const monitoringPolicy = new aws.iam.RolePolicyAttachment(
      `${name}-monitoring-policy`,
      {
        role: monitoringRole.name,
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
      },
      child,
    );
    const database = new aws.rds.Instance(
      `${name}-instance`,
      {
        engine: "postgres",
        engineVersion: MAJOR,
        instanceClass: machine,
        allocatedStorage: storageGib,
        maxAllocatedStorage: storageGib * 4,
        storageType: "gp3",
        storageEncrypted: true,
        kmsKeyId: key.arn,
        multiAz: highAvailability,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [group.id],
        publiclyAccessible: false,
        port: PORT,
        username: "slipway",
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: key.arn,
        iamDatabaseAuthenticationEnabled: true,
        parameterGroupName: parameters.name,
        backupRetentionPeriod: backupDays,
        copyTagsToSnapshot: true,
        autoMinorVersionUpgrade: true,
        enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: key.arn,
        monitoringInterval: 60,
        monitoringRoleArn: monitoringRole.arn,
        deletionProtection: protect,
        skipFinalSnapshot: !protect,
        finalSnapshotIdentifier: protect ? finalSnapshotName(name, key) : undefined,
      },
      { parent: this, protect, dependsOn: [monitoringPolicy] },
    );
    this.arn = database.arn;
    this.host = database.address;
    this.credentialsArn = database.masterUserSecrets[0]!.secretArn;
    this.registerOutputs({ host: this.host });
  }
}
