import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { AwsKey } from "../../../components/aws/key.ts";
import { AwsVpc } from "../../../components/aws/vpc.ts";
import { RedisClientGroup } from "../../../components/aws/redis-client-group.ts";
import { ElasticacheRedis } from "../../../components/aws/elasticache.ts";
import { ACCOUNT, place } from "./aws-outputs.ts";
import { dependenciesOf, find, list, named, record, valueOf } from "../record.ts";

const { resources, result } = await record(async () => {
  const key = new AwsKey("key", { description: "Redis", account: ACCOUNT });
  const network = new AwsVpc("network", { ...place, logsKey: key });
  const redis = new ElasticacheRedis("redis", { network, clients: "sg-nodes", key });
  const { vpcId, privateSubnetIds } = network;
  return new RedisClientGroup("serving", { vpcId, subnetIds: pulumi.all(privateSubnetIds), redis }).vpc;
});
const RULE = "aws:vpc/securityGroup";

test("consists of a security group and three rules", async () => {
  expect(list(named(resources, "serving"))).toEqual([
    "aws:ec2/securityGroup:SecurityGroup serving-group",
    `${RULE}EgressRule:SecurityGroupEgressRule serving-https`,
    `${RULE}EgressRule:SecurityGroupEgressRule serving-to-redis`,
    `${RULE}IngressRule:SecurityGroupIngressRule serving-into-redis`,
    "slipway:network:RedisClientGroup serving",
  ]);
  expect(find(resources, "aws:ec2/securityGroup:SecurityGroup", "serving-group")).toMatchObject({
    vpcId: "network-vpc-id",
  });
  expect(await valueOf(result.subnetIds)).toEqual([
    "network-private-0-id",
    "network-private-1-id",
    "network-private-2-id",
  ]);
});

test("containers get the group only when its rules exist", async () => {
  const [group] = result.securityGroupIds;
  expect(await valueOf(group)).toBe("serving-group-id");
  expect(await dependenciesOf(group!)).toEqual([
    "aws:ec2/securityGroup:SecurityGroup serving-group",
    `${RULE}EgressRule:SecurityGroupEgressRule serving-https`,
    `${RULE}EgressRule:SecurityGroupEgressRule serving-to-redis`,
    `${RULE}IngressRule:SecurityGroupIngressRule serving-into-redis`,
  ]);
});

test("allows no ingress, and egress only to Redis and over HTTPS", () => {
  const rules = resources.filter(({ type }) => type.startsWith(RULE));
  const into = rules.filter(
    ({ type, inputs }) => type.includes("Ingress") && inputs["securityGroupId"] === "serving-group-id",
  );
  expect(into).toEqual([]);
  const out = rules.filter(({ inputs }) => inputs["securityGroupId"] === "serving-group-id");
  expect(out.map(({ inputs: { fromPort, toPort } }) => [fromPort, toPort])).toEqual([
    [443, 443],
    [6379, 6379],
  ]);
});

test("Redis allows the group only on its port", () => {
  expect(find(resources, `${RULE}IngressRule:SecurityGroupIngressRule`, "serving-into-redis")).toMatchObject({
    securityGroupId: "redis-group-id",
    referencedSecurityGroupId: "serving-group-id",
    fromPort: 6379,
    toPort: 6379,
  });
});
