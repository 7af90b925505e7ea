import { checkAws } from "../../../operations/doctor/aws/check-aws.ts";
import { fakeAccount } from "./fake-account.ts";
import type { Planned } from "./planned.ts";

const group = (name: string, machine: string, spot: boolean, minSize: number, maxSize: number): Planned => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name,
  inputs: {
    instanceTypes: [machine],
    capacityType: spot ? "SPOT" : "ON_DEMAND",
    scalingConfig: { minSize, maxSize },
  },
});
export const subnet = (availabilityZone: string): Planned => ({
  type: "aws:ec2/subnet:Subnet",
  name: availabilityZone,
  inputs: { availabilityZone },
});
const named = (type: string, name: string): Planned => ({ type, name, inputs: { name } });
/** What the plan of a small foundation has. */
export const planned: Planned[] = [
  group("system", "m7i.large", false, 2, 4),
  group("cpu", "m7i.2xlarge", false, 3, 10),
  group("training", "g6.xlarge", true, 0, 4),
  subnet("eu-central-1a"),
  subnet("eu-central-1b"),
  ...["a", "b", "c"].map((name) => ({ type: "aws:ec2/eip:Eip", name, inputs: {} })),
  { type: "aws:s3/bucket:Bucket", name: "objects", inputs: { bucket: "slipway-objects" } },
  named("aws:ecr/repository:Repository", "slipway/runtime"),
  named("aws:secretsmanager/secret:Secret", "slipway/slack-webhook"),
  named("aws:cloudwatch/logGroup:LogGroup", "/aws/eks/slipway/cluster"),
  { type: "aws:eks/cluster:Cluster", name: "cluster", inputs: { name: "slipway", version: "1.35" } },
];
/** Answers of an account that has almost all that this plan needs. */
export const ANSWERS: Record<string, unknown> = {
  "sts get-caller-identity": {
    UserId: "AROA:me",
    Account: "123456789012",
    Arn: "arn:aws:sts::123456789012:assumed-role/Deployer/me",
  },
  "iam get-role --role-name Deployer": { Role: { Arn: "arn:aws:iam::123456789012:role/Deployer" } },
  "iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:role/Deployer": {
    EvaluationResults: [{ EvalActionName: "eks:CreateCluster", EvalDecision: "allowed" }],
  },
  "service-quotas list-service-quotas": {
    Quotas: [
      {
        QuotaName: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        QuotaCode: "L-1216C47A",
        Value: 200,
      },
      { QuotaName: "All G and VT Spot Instance Requests", QuotaCode: "L-3819A6DF", Value: 16 },
      { QuotaName: "EC2-VPC Elastic IPs", QuotaCode: "L-0263D0A3", Value: 5 },
    ],
  },
  "ec2 describe-instances": {
    Reservations: [
      {
        Instances: [{ InstanceType: "m7i.large" }, { InstanceType: "g6.xlarge", InstanceLifecycle: "spot" }],
      },
    ],
  },
  "ec2 describe-instance-types": {
    InstanceTypes: [
      { InstanceType: "m7i.large", VCpuInfo: { DefaultVCpus: 2 } },
      { InstanceType: "m7i.2xlarge", VCpuInfo: { DefaultVCpus: 8 } },
      { InstanceType: "g6.xlarge", VCpuInfo: { DefaultVCpus: 4 } },
    ],
  },
  "ec2 describe-addresses": { Addresses: [{}] },
  "ec2 describe-instance-type-offerings": {
    InstanceTypeOfferings: ["m7i.large", "m7i.2xlarge", "g6.xlarge"].flatMap((InstanceType) =>
      ["eu-central-1a", "eu-central-1b"].map((Location) => ({ InstanceType, Location })),
    ),
  },
  "s3api head-bucket": new Error("An error occurred (404) when calling the HeadBucket operation: Not Found"),
  "eks describe-cluster": new Error(
    "An error occurred (ResourceNotFoundException): No cluster found for name: slipway.",
  ),
  "ecr describe-repositories": { repositories: [{ repositoryName: "other/runtime" }] },
  "secretsmanager list-secrets": { SecretList: [{ Name: "other/slack-webhook" }] },
  "logs describe-log-groups": { logGroups: [{ logGroupName: "/aws/eks/slipway/cluster-2" }] },
  "eks describe-cluster-versions": {
    clusterVersions: [
      { clusterVersion: "1.36", endOfStandardSupportDate: "2027-08-02T00:00:00+00:00" },
      { clusterVersion: "1.35", endOfStandardSupportDate: "2027-03-27T00:00:00+00:00" },
    ],
  },
};

/** Runs the checks against this account. */
export const run = fakeAccount({ answers: ANSWERS, planned }, (cli, needs) =>
  checkAws(cli, { account: "123456789012", region: "eu-central-1", ...needs }),
);
