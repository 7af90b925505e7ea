import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import { elasticacheMachine } from "./elasticache-machines.ts";
import { createServerGroup } from "./create-server-group.ts";
import { finalSnapshotName } from "./final-snapshot-name.ts";
import type { AwsKey } from "./key.ts";
import type { AwsVpc } from "./vpc.ts";

export interface ElasticacheRedisArgs {
  network: AwsVpc;
  /** Security group of the clients: only they can connect. */
  clients: pulumi.Input<string>;
  /** Encrypts the data and its snapshots. */
  key: AwsKey;
  /** Node type. @default - the smallest with `memoryGib` */
  machine?: string;
  /** Memory for data; at least 1. @default 3 */
  memoryGib?: number;
  /** Replicas in other zones, one of which takes over when the primary fails; at least 1. @default 2 */
  replicas?: number;
  /** Days that daily snapshots are kept; at least 1. @default 7 */
  snapshotDays?: number;
  /** Refuse to delete it in Pulumi, and take a snapshot before AWS deletes it. @default true */
  protect?: boolean;
}

export const ELASTICACHE_PORT = 6379;
const PASSWORD_LENGTH = 64;

/**
 * A managed Redis on ElastiCache, with TLS, a password, and replicas in other zones that take over. It is encrypted with the
 * given key, and only the given clients can connect.
 *
 * @example
 * const redis = new ElasticacheRedis("redis", { network, clients: cluster.securityGroupId, key, memoryGib: 12 });
 */
export class ElasticacheRedis extends pulumi.ComponentResource {
  /** Address that always leads to the current primary. */
  readonly host: pulumi.Output<string>;
  readonly port = ELASTICACHE_PORT;
  /** Password of the default user; a Pulumi secret. */
  readonly password: pulumi.Output<string>;
  /** Security group of Redis: add a rule to it for further clients. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: ElasticacheRedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:redis:ElasticacheRedis", name, {}, opts);
    const { network, clients, key, memoryGib = 3, replicas = 2, snapshotDays = 7, protect = true } = args;
    atLeast(1, memoryGib, `${name}: memoryGib`);
    atLeast(1, replicas, `${name}: replicas`);
    atLeast(1, snapshotDays, `${name}: snapshotDays`);
    const nodeType = args.machine ?? elasticacheMachine(memoryGib, name);
    const child = { parent: this };
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: PASSWORD_LENGTH, special: false },
      child,
    );
    const group = createServerGroup(
      name,
      { network, clients, software: "Redis", port: ELASTICACHE_PORT },
      child,
    );
    const subnets = new aws.elasticache.SubnetGroup(
      `${name}-subnets`,
      { subnetIds: network.privateSubnetIds, description: "Private subnets" },
      child,
    );
    const parameters = new aws.elasticache.ParameterGroup(
      `${name}-parameters`,
      {
        family: "redis7",
        description: "Feature rows have a time to live and may be evicted, prediction logs stay",
        parameters: [{ name: "maxmemory-policy", value: "volatile-ttl" }],
      },
      child,
    );
    const redis = new aws.elasticache.ReplicationGroup(
      `${name}-replicas`,
      {
        description: "Online feature store",
        engine: "redis",
        engineVersion: "7.1",
        nodeType,
        port: ELASTICACHE_PORT,
        numCacheClusters: replicas + 1,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        subnetGroupName: subnets.name,
        securityGroupIds: [group.id],
        parameterGroupName: parameters.name,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: password.result,
        authTokenUpdateStrategy: "ROTATE", // the old password works until clients have the new one
        atRestEncryptionEnabled: true,
        kmsKeyId: key.arn,
        autoMinorVersionUpgrade: true,
        snapshotRetentionLimit: snapshotDays,
        finalSnapshotIdentifier: protect ? finalSnapshotName(name, key) : undefined,
        applyImmediately: false,
      },
      { parent: this, protect },
    );
    this.securityGroupId = group.id;
    this.host = redis.primaryEndpointAddress;
    this.password = pulumi.secret(password.result);
    this.registerOutputs({ host: this.host });
  }
}
