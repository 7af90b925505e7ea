import { expect, test } from "vitest";
import { AwsKey } from "../../../components/aws/key.ts";
import { AwsVpc } from "../../../components/aws/vpc.ts";
import { ElasticacheRedis, type ElasticacheRedisArgs } from "../../../components/aws/elasticache.ts";
import { find, list, named, record } from "../record.ts";
import { ACCOUNT, place } from "./aws-outputs.ts";

const build = (args: Partial<ElasticacheRedisArgs> = {}) =>
  record(() => {
    const key = new AwsKey("key", { description: "Redis", account: ACCOUNT });
    const network = new AwsVpc("network", { ...place, logsKey: key });
    return new ElasticacheRedis("redis", { network, clients: "sg-nodes", key, ...args });
  });
const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

test("Redis requires TLS and a password, is encrypted, and fails over between zones", async () => {
  const { resources } = await build();
  expect(list(named(resources, "redis"))).toEqual([
    "aws:ec2/securityGroup:SecurityGroup redis-group",
    "aws:elasticache/parameterGroup:ParameterGroup redis-parameters",
    `${GROUP} redis-replicas`,
    "aws:elasticache/subnetGroup:SubnetGroup redis-subnets",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule redis-ingress",
    "random:index/randomPassword:RandomPassword redis-password",
    "slipway:redis:ElasticacheRedis redis",
  ]);
  expect(find(resources, GROUP, "redis-replicas")).toMatchObject({
    nodeType: "cache.t4g.medium",
    numCacheClusters: 3,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    authToken: { secret: "generated" },
    atRestEncryptionEnabled: true,
    kmsKeyId: "arn:key-key",
    finalSnapshotIdentifier: "redis-final-key-key-",
  });
});

test("only the nodes of the cluster can connect", async () => {
  const { resources } = await build();
  const type = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  const rules = named(resources, "redis").filter((resource) => resource.type === type);
  expect(rules.map(({ inputs }) => inputs)).toEqual([
    expect.objectContaining({ referencedSecurityGroupId: "sg-nodes", fromPort: 6379, toPort: 6379 }),
  ]);
});

test.each([
  [1, "cache.t4g.small"],
  [12, "cache.r7g.large"],
  [14, "cache.r7g.xlarge"],
])("chooses for %i GiB the machine %s", async (memoryGib, machine) => {
  const { resources } = await build({ memoryGib });
  expect(find(resources, GROUP, "redis-replicas")).toMatchObject({ nodeType: machine });
});

test.each([
  [{ memoryGib: 500 }, "redis: memoryGib must be at most 419.09, got 500; name a machine that has more"],
  [{ replicas: 0 }, "redis: replicas must be at least 1, got 0"],
])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
