import { z } from "zod";
import { isAnywhere } from "../rule/anywhere.ts";
import type { Field } from "../rule/field.ts";
import { must, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const CIDR_FIELDS = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"];
const DATABASE = types(
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
  "aws:rds/clusterInstance:ClusterInstance",
);
const MACHINE = types("aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance");

/** Returns the ingress rules of a resource: those in a security group, or the resource itself. */
function ingressOf(type: string, properties: Field): Field[] {
  if (/:(Default)?SecurityGroup$/.test(type)) return properties.at("ingress").items();
  if (type.endsWith(":SecurityGroupRule") && !properties.at("type").mayBe("ingress")) return [];
  return [properties];
}

/** Returns the disks of a machine that a rule can judge. */
function disksOf(type: string, properties: Field): Field[] {
  if (type.endsWith(":LaunchTemplate"))
    return properties
      .at("blockDeviceMappings")
      .items()
      .map((device) => device.at("ebs"))
      .filter(({ isMissing }) => !isMissing);
  if (type.endsWith(":Volume")) return [properties];
  return [properties.at("rootBlockDevice"), ...properties.at("ebsBlockDevices").items()].filter(
    ({ isMissing }) => !isMissing,
  );
}

export const awsExposureRules: ResourceRule[] = [
  rule({
    name: "aws-security-group-not-open",
    title: "Security groups let nobody in from the whole internet",
    severity: "critical",
    source: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260"],
    fix: "name the networks or the security groups that may connect",
    types: types(
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
      "aws:ec2/securityGroupRule:SecurityGroupRule",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ),
    config: {
      /** Ports that may be open to everyone, such as 443 of a load balancer. */
      allowedPorts: z.array(z.number().int()).default([]),
    },
    check: ({ type, properties }, report, { allowedPorts }) => {
      for (const ingress of ingressOf(type, properties)) {
        const [from, to] = [ingress.at("fromPort"), ingress.at("toPort")];
        if (from.number !== undefined && from.number === to.number && allowedPorts.includes(from.number))
          continue;
        for (const cidr of CIDR_FIELDS.flatMap((field) => ingress.at(field).items()))
          if (isAnywhere(cidr)) report(`${cidr.path} must not be ${cidr.shown}`);
      }
    },
  }),
  rule({
    name: "aws-rds-not-public",
    title: "RDS has no public address",
    severity: "critical",
    source: ["CKV_AWS_17"],
    fix: "set `publiclyAccessible: false`",
    types: DATABASE,
    check: ({ properties }, report) =>
      must(properties.at("publiclyAccessible"), [false, undefined, null], report),
  }),
  rule({
    name: "aws-rds-encrypted",
    title: "RDS encrypts stored data",
    severity: "high",
    source: ["CKV_AWS_16", "CKV_AWS_96"],
    fix: "set `storageEncrypted: true`, and `kmsKeyId` for a key of your own",
    types: types("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"),
    check: ({ properties }, report) => must(properties.at("storageEncrypted"), [true], report),
  }),
  rule({
    name: "aws-ec2-imdsv2",
    title: "Machines answer only IMDSv2 requests for their credentials",
    severity: "high",
    source: ["CKV_AWS_79"],
    fix: "set `metadataOptions.httpTokens: required`",
    types: MACHINE,
    check: ({ properties }, report) => {
      const options = properties.at("metadataOptions");
      if (!options.at("httpEndpoint").is("disabled")) must(options.at("httpTokens"), ["required"], report);
    },
  }),
  rule({
    name: "aws-ebs-encrypted",
    title: "EBS volumes are encrypted",
    severity: "high",
    source: ["CKV_AWS_3", "CKV_AWS_8"],
    fix: "set `encrypted: true`, and `kmsKeyId` for a key of your own",
    types: types(
      "aws:ebs/volume:Volume",
      "aws:ec2/launchTemplate:LaunchTemplate",
      "aws:ec2/instance:Instance",
    ),
    check: ({ type, properties }, report) => {
      for (const disk of disksOf(type, properties)) must(disk.at("encrypted"), [true, "true"], report);
    },
  }),
  rule({
    name: "aws-lambda-url-auth",
    title: "URLs of Lambda functions authenticate their callers",
    severity: "critical",
    source: ["CKV_AWS_258"],
    fix: "set `authorizationType: AWS_IAM`",
    types: types("aws:lambda/functionUrl:FunctionUrl"),
    check: ({ properties }, report) => must(properties.at("authorizationType"), ["AWS_IAM"], report),
  }),
];
