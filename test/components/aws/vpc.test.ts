import { expect, test } from "vitest";
import { AwsKey, forLogGroups } from "../../../components/aws/key.ts";
import { AwsVpc, type AwsVpcArgs } from "../../../components/aws/vpc.ts";
import { find, list, named, record } from "../record.ts";
import { ACCOUNT, json, place, REGION } from "./aws-outputs.ts";

const build = (args: Partial<AwsVpcArgs> = {}) =>
  record(() => {
    const logsKey = new AwsKey("logs", {
      description: "Logs",
      account: ACCOUNT,
      services: [forLogGroups(ACCOUNT, REGION)],
    });
    return new AwsVpc("network", { ...place, logsKey, ...args });
  });
const count = (resources: Parameters<typeof list>[0], type: string): number =>
  resources.filter((resource) => resource.type === type).length;

test("each of three zones has a private subnet, a public subnet and a NAT gateway", async () => {
  const { resources } = await build();
  expect(list(named(resources, "network")).map((line) => line.split(" ")[1])).toEqual([
    "network-flow-logs",
    "network-default-group",
    ...["nat-0", "nat-1", "nat-2"].map((nat) => `network-${nat}-address`),
    "network-flow-log",
    "network-gateway",
    ...["nat-0", "nat-1", "nat-2"].map((nat) => `network-${nat}`),
    ...[0, 1, 2].map((index) => `network-private-${index}-route`),
    "network-public-route",
    ...[0, 1, 2].map((index) => `network-private-${index}-table`),
    "network-public",
    ...[0, 1, 2].map((index) => `network-private-${index}-routes`),
    ...[0, 1, 2].map((index) => `network-public-${index}-routes`),
    "network-endpoints",
    ...[0, 1, 2].map((index) => `network-private-${index}`),
    ...[0, 1, 2].map((index) => `network-public-${index}`),
    "network-vpc",
    "network-endpoint-ecr-api",
    "network-endpoint-ecr-dkr",
    "network-endpoint-s3",
    "network-endpoint-sts",
    "network-flow-role",
    "network-flow-policy",
    "network-endpoints-https",
    "network",
  ]);
  expect(find(resources, "aws:ec2/subnet:Subnet", "network-private-2")).toMatchObject({
    availabilityZone: "eu-central-1c",
    cidrBlock: "10.0.64.0/19",
    mapPublicIpOnLaunch: false,
  });
  expect(find(resources, "aws:ec2/subnet:Subnet", "network-public-0")).toMatchObject({
    cidrBlock: "10.0.96.0/24",
    mapPublicIpOnLaunch: false,
  });
  for (const index of [0, 1, 2])
    expect(find(resources, "aws:ec2/route:Route", `network-private-${index}-route`)).toMatchObject({
      natGatewayId: `network-nat-${index}-id`,
    });
});

test("one NAT gateway may serve all zones", async () => {
  const { resources } = await build({ nat: "one" });
  expect(count(resources, "aws:ec2/natGateway:NatGateway")).toBe(1);
  expect(find(resources, "aws:ec2/route:Route", "network-private-2-route")).toMatchObject({
    natGatewayId: "network-nat-0-id",
  });
});

test("two zones have a gateway each, and the same addresses as with three zones", async () => {
  const { resources } = await build({ zones: ["eu-central-1a", "eu-central-1c"] });
  expect(count(resources, "aws:ec2/natGateway:NatGateway")).toBe(2);
  expect(count(resources, "aws:ec2/subnet:Subnet")).toBe(4);
  const cidrs = ["private-0", "private-1", "public-0", "public-1"].map(
    (subnet) => find(resources, "aws:ec2/subnet:Subnet", `network-${subnet}`)["cidrBlock"],
  );
  expect(cidrs).toEqual(["10.0.0.0/19", "10.0.32.0/19", "10.0.96.0/24", "10.0.97.0/24"]);
});

test("refuses a network with one zone", async () => {
  await expect(build({ zones: ["eu-central-1a"] })).rejects.toThrow(
    "network: number of zones must be between 2 and 3, got 1",
  );
});

test("the default security group lets nothing through", async () => {
  const { resources } = await build();
  const group = find(resources, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "network-default-group");
  expect(group).toMatchObject({ ingress: [], egress: [] });
});

test("logs all traffic, encrypted, for a year, with a role that can write only that log", async () => {
  const { resources } = await build();
  expect(find(resources, "aws:cloudwatch/logGroup:LogGroup", "network-flow-logs")).toMatchObject({
    retentionInDays: 365,
    kmsKeyId: "arn:logs-key",
  });
  expect(find(resources, "aws:ec2/flowLog:FlowLog", "network-flow-log")).toMatchObject({
    trafficType: "ALL",
    logDestination: "arn:network-flow-logs",
  });
  const { policy } = find(resources, "aws:iam/rolePolicy:RolePolicy", "network-flow-policy");
  expect(json(policy)).toMatchObject({
    Statement: [{ Resource: ["arn:network-flow-logs", "arn:network-flow-logs:*"] }],
  });
});

test("endpoints of AWS services accept HTTPS only from within the network", async () => {
  const { resources } = await build();
  const rule = find(
    resources,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "network-endpoints-https",
  );
  expect(rule).toMatchObject({ cidrIpv4: "10.0.0.0/16", fromPort: 443, toPort: 443 });
  const none = await build({ endpoints: [] });
  expect(count(none.resources, "aws:ec2/vpcEndpoint:VpcEndpoint")).toBe(1);
  expect(count(none.resources, "aws:ec2/securityGroup:SecurityGroup")).toBe(0);
});

test("the key for logs is rotated, and CloudWatch Logs may use it only for log groups of the account and region", async () => {
  const { resources } = await build();
  const key = find(resources, "aws:kms/key:Key", "logs-key");
  expect(key).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  expect(json(key["policy"])).toMatchObject({
    Statement: [
      { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
      {
        Principal: { Service: "logs.eu-central-1.amazonaws.com" },
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:*`,
          },
        },
      },
    ],
  });
});

test("a network without NAT has no route to the internet, and endpoints for all that a cluster needs", async () => {
  const { resources, result } = await build({ nat: "none" });
  expect(count(resources, "aws:ec2/natGateway:NatGateway")).toBe(0);
  expect(count(resources, "aws:ec2/eip:Eip")).toBe(0);
  expect(list(resources).filter((line) => line.startsWith("aws:ec2/route:Route "))).toEqual([
    "aws:ec2/route:Route network-public-route",
  ]);
  for (const service of ["ec2", "eks-auth", "secretsmanager", "kms", "logs", "ssm", "autoscaling"])
    expect(list(resources)).toContain(`aws:ec2/vpcEndpoint:VpcEndpoint network-endpoint-${service}`);
  expect(count(resources, "aws:ec2/vpcEndpoint:VpcEndpoint")).toBe(1 + 15);
  expect(result.egress.length).toBeGreaterThan(15);
  const chosen = await build({ nat: "none", endpoints: ["sts"] });
  expect(count(chosen.resources, "aws:ec2/vpcEndpoint:VpcEndpoint")).toBe(2);
});
