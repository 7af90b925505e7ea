import { describe, expect, it } from "vitest";
import { checkAws } from "../../../operations/doctor/aws/check-aws.ts";
import type { Finding } from "../../../operations/doctor/finding.ts";
import { fakeCloudCli, lines } from "./fake-cloud-cli.ts";
import { ofStack, type Planned } from "./planned.ts";

const group = (name: string, machine: string, spot: boolean, minSize: number, maxSize: number): Planned => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name,
  inputs: {
    instanceTypes: [machine],
    capacityType: spot ? "SPOT" : "ON_DEMAND",
    scalingConfig: { minSize, maxSize },
  },
});
const subnet = (availabilityZone: string): Planned => ({
  type: "aws:ec2/subnet:Subnet",
  name: availabilityZone,
  inputs: { availabilityZone },
});
const named = (type: string, name: string): Planned => ({ type, name, inputs: { name } });
const planned: Planned[] = [
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
const ANSWERS: Record<string, unknown> = {
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

async function run(
  more: Record<string, unknown> = {},
  options: { planned?: Planned[]; deployed?: boolean; today?: string } = {},
): Promise<Record<string, Finding[]>> {
  const checks = checkAws(fakeCloudCli({ ...ANSWERS, ...more }), {
    account: "123456789012",
    region: "eu-central-1",
    planned: ofStack(options.planned ?? planned, { deployed: options.deployed ?? false }),
    today: new Date(options.today ?? "2026-11-30"),
  });
  const found: Record<string, Finding[]> = {};
  for (const check of checks) found[check.title] = await check.run();
  return found;
}

describe("an AWS account", () => {
  it("that has what the stack needs", async () => {
    const found = await run({
      "service-quotas list-service-quotas": {
        Quotas: (
          ANSWERS["service-quotas list-service-quotas"] as { Quotas: { QuotaCode: string; Value: number }[] }
        ).Quotas.map((quota) => (quota.QuotaCode === "L-3819A6DF" ? { ...quota, Value: 64 } : quota)),
      },
    });
    expect(
      Object.values(found)
        .flatMap(lines)
        .filter((line) => !line.startsWith("ok ")),
    ).toEqual([]);
  });

  it("has too few vCPUs for all nodes of a pool: what is in use counts", async () => {
    const { Quotas = [] } = await run();
    expect(Quotas).toContainEqual({
      subject: "vCPUs: spot, as G and VT instances",
      state: "wrong",
      found: "16, of which 4 in use: enough for the first up alone",
      needed: "0 at first, 16 when all pools are full",
      fix: "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-3819A6DF --desired-value 20 --region eu-central-1",
    });
    expect(lines(Quotas)).toContain(
      "ok vCPUs: Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances: 200, of which 2 in use",
    );
  });

  it("has no room for the first nodes, nor for their addresses", async () => {
    const { Quotas = [] } = await run({
      "service-quotas list-service-quotas": {
        Quotas: [
          {
            QuotaName: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
            QuotaCode: "L-1216C47A",
            Value: 16,
          },
          { QuotaName: "EC2-VPC Elastic IPs", QuotaCode: "L-0263D0A3", Value: 3 },
        ],
      },
    });
    expect(lines(Quotas)).toEqual([
      "unknown vCPUs: spot, as G and VT instances: EC2 lists no such quota",
      "wrong vCPUs: Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances: 16, of which 2 in use",
      "wrong Elastic IP addresses: 3, of which 1 in use",
    ]);
  });

  it("whose answers lack the vCPUs of a machine is not known to have enough", async () => {
    const { Quotas = [] } = await run({ "ec2 describe-instance-types": { InstanceTypes: [] } });
    expect(lines(Quotas).slice(0, 2)).toEqual([
      "unknown vCPUs: spot, as G and VT instances: EC2 tells no vCPUs of g6.xlarge",
      "unknown vCPUs: Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances: EC2 tells no vCPUs of m7i.large, m7i.2xlarge",
    ]);
  });

  it("is another account, or nobody is logged in", async () => {
    const other = { Account: "999999999999", Arn: "arn:aws:iam::999999999999:user/me" };
    expect(lines((await run({ "sts get-caller-identity": other }))["Identity and rights"] ?? [])).toEqual([
      "wrong account that is logged in: 999999999999 (arn:aws:iam::999999999999:user/me)",
    ]);
    const expired = new Error("Error when retrieving token from sso: Token has expired");
    expect(lines((await run({ "sts get-caller-identity": expired }))["Identity and rights"] ?? [])).toEqual([
      "wrong account that is logged in: Error when retrieving token from sso: Token has expired",
    ]);
  });

  it.each([
    [
      "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Admin_1a",
      "aws",
    ],
    [
      "arn:aws-us-gov:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1a",
      "aws-us-gov",
    ],
  ])("knows the rights of a role of IAM Identity Center, which has a path: %s", async (Arn, partition) => {
    const found = await run({
      "sts get-caller-identity": {
        Account: "123456789012",
        Arn: `arn:${partition}:sts::123456789012:assumed-role/AWSReservedSSO_Admin_1a/me`,
      },
      "iam get-role --role-name AWSReservedSSO_Admin_1a": { Role: { Arn } },
      [`iam simulate-principal-policy --policy-source-arn ${Arn} `]: {
        EvaluationResults: [{ EvalActionName: "eks:CreateCluster", EvalDecision: "allowed" }],
      },
    });
    expect(lines(found["Identity and rights"] ?? [])).toContain("ok rights of a first up: all are allowed");
  });

  it("does not let its deployer ask for its role: the ARN without a path is asked for", async () => {
    const found = await run({
      "iam get-role": new Error("AccessDenied"),
      "iam get-role --role-name Deployer": new Error("AccessDenied"),
    });
    expect(lines(found["Identity and rights"] ?? [])).toContain("ok rights of a first up: all are allowed");
  });

  it("does not let its deployer make a cluster", async () => {
    const found = await run({
      "iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:role/Deployer": {
        EvaluationResults: [
          { EvalActionName: "eks:CreateCluster", EvalDecision: "implicitDeny" },
          { EvalActionName: "kms:CreateKey", EvalDecision: "allowed" },
        ],
      },
    });
    expect(lines(found["Identity and rights"] ?? [])).toContain(
      "wrong rights of a first up: not allowed: eks:CreateCluster",
    );
  });

  it("has a machine in one zone of two, or in none", async () => {
    const one = { InstanceTypeOfferings: [{ InstanceType: "m7i.large", Location: "eu-central-1a" }] };
    const found = await run({ "ec2 describe-instance-type-offerings": one });
    expect(lines(found["Machines"] ?? [])).toEqual([
      "unknown machine m7i.large: in eu-central-1a",
      "wrong machine m7i.2xlarge: in no zone of the cluster",
      "wrong machine g6.xlarge: in no zone of the cluster",
    ]);
  });

  it("has zones by id where the plan names them so", async () => {
    const byId: Planned[] = [
      ...planned.filter(({ type }) => type !== "aws:ec2/subnet:Subnet"),
      ...["use1-az1", "use1-az2"].map((availabilityZoneId) => ({
        type: "aws:ec2/subnet:Subnet",
        name: availabilityZoneId,
        inputs: { availabilityZoneId },
      })),
    ];
    const offered = {
      "ec2 describe-instance-type-offerings --location-type availability-zone-id": {
        InstanceTypeOfferings: [
          { InstanceType: "m7i.large", Location: "use1-az1" },
          { InstanceType: "m7i.large", Location: "use1-az2" },
          { InstanceType: "m7i.2xlarge", Location: "use1-az2" },
        ],
      },
    };
    expect(lines((await run(offered, { planned: byId }))["Machines"] ?? [])).toEqual([
      "ok machine m7i.large: in use1-az1, use1-az2",
      "unknown machine m7i.2xlarge: in use1-az2",
      "wrong machine g6.xlarge: in no zone of the cluster",
    ]);
  });

  it("is not known to have machines where the plan names no zone", async () => {
    const none = planned.filter(({ type }) => type !== "aws:ec2/subnet:Subnet");
    expect(lines((await run({}, { planned: none }))["Machines"] ?? [])).toEqual([
      "unknown machines in zones: the plan names no zones of subnets",
    ]);
  });

  describe("with a capacity block", () => {
    const blocks: Planned[] = [
      subnet("eu-central-1a"),
      {
        type: "aws:eks/nodeGroup:NodeGroup",
        name: "cluster-gpu-h100-nodes-group",
        inputs: { capacityType: "CAPACITY_BLOCK", scalingConfig: { minSize: 0, maxSize: 2 } },
      },
      {
        type: "aws:ec2/launchTemplate:LaunchTemplate",
        name: "cluster-gpu-h100-nodes-template",
        inputs: {
          instanceType: "p5.48xlarge",
          capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: "cr-1" } },
        },
      },
    ];
    const offered = {
      "ec2 describe-instance-type-offerings": {
        InstanceTypeOfferings: [{ InstanceType: "p5.48xlarge", Location: "eu-central-1a" }],
      },
    };
    const reservation = (State: string, TotalInstanceCount: number): object => ({
      CapacityReservations: [{ State, InstanceType: "p5.48xlarge", TotalInstanceCount }],
    });
    it.each([
      [reservation("scheduled", 2), "ok", "2 of p5.48xlarge, scheduled"],
      [reservation("expired", 2), "wrong", "2 of p5.48xlarge, expired"],
      [reservation("active", 1), "wrong", "1 of p5.48xlarge, active"],
      [new Error("InvalidCapacityReservationId.NotFound"), "wrong", "not in this account and region"],
      [new Error("AccessDenied"), "unknown", "AccessDenied"],
    ])("that is %j", async (answer, state, text) => {
      const found = await run(
        { ...offered, "ec2 describe-capacity-reservations": answer },
        { planned: blocks },
      );
      expect(lines(found["Machines"] ?? [])).toEqual([
        "ok machine p5.48xlarge: in eu-central-1a",
        `${state} capacity block cr-1 for cluster-gpu-h100-nodes-group: ${text}`,
      ]);
      expect(found["Quotas"]).toEqual([]);
    });
  });

  describe("with functions of Lambda", () => {
    const lambdas: Planned[] = [
      {
        type: "aws:lambda/function:Function",
        name: "a-function",
        inputs: { reservedConcurrentExecutions: 20 },
      },
      { type: "aws:lambda/function:Function", name: "b-function", inputs: {} },
      ...["a", "b"].map((name) => ({
        type: "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        name: `${name}-warm`,
        inputs: { provisionedConcurrentExecutions: 2 },
      })),
    ];
    const limits = (ConcurrentExecutions: number, UnreservedConcurrentExecutions: number): object => ({
      "lambda get-account-settings": {
        AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions },
      },
    });
    it.each([
      [10, 10, false, "wrong concurrent executions of Lambda: 10"],
      [1000, 121, false, "wrong concurrent executions of Lambda: 1000, of which 879 in use"],
      [1000, 122, false, "ok concurrent executions of Lambda: 1000, of which 878 in use"],
      [1000, 100, true, "ok concurrent executions of Lambda: 1000, of which 900 in use"],
    ])("limit %i, %i of it not reserved, deployed: %s", async (limit, unreserved, deployed, expected) => {
      const { Quotas = [] } = await run(limits(limit, unreserved), { planned: lambdas, deployed });
      expect(lines(Quotas)).toContain(expected);
    });
  });

  it("has names that an earlier stack left: repositories, a secret in its recovery window, the log group of EKS", async () => {
    const found = await run({
      "ecr describe-repositories": { repositories: [{ repositoryName: "slipway/runtime" }] },
      "secretsmanager list-secrets": {
        SecretList: [{ Name: "slipway/slack-webhook", DeletedDate: "2026-11-29T10:00:00+00:00" }],
      },
      "logs describe-log-groups": { logGroups: [{ logGroupName: "/aws/eks/slipway/cluster" }] },
    });
    expect((found["Names"] ?? []).filter(({ state }) => state === "wrong")).toMatchObject([
      {
        subject: "repositories of ECR",
        found: "taken: slipway/runtime",
        fix: expect.stringContaining(
          "aws ecr delete-repository --repository-name slipway/runtime --region eu-central-1",
        ) as string,
      },
      {
        subject: "secret slipway/slack-webhook",
        found: "deleted, in its recovery window",
        fix: "aws secretsmanager delete-secret --secret-id slipway/slack-webhook --force-delete-without-recovery --region eu-central-1 (its value is lost)",
      },
      {
        subject: "log group /aws/eks/slipway/cluster",
        fix: "aws logs delete-log-group --log-group-name /aws/eks/slipway/cluster --region eu-central-1",
      },
    ]);
  });

  it("asks with commands that read alone", async () => {
    const asked: string[] = [];
    const options = { account: "123456789012", region: "eu-central-1", today: new Date("2026-11-30") };
    const cli = fakeCloudCli(ANSWERS);
    for (const check of checkAws(
      (args) => {
        asked.push(args[1] ?? "");
        return cli(args);
      },
      { ...options, planned: ofStack(planned, { deployed: false }) },
    ))
      await check.run();
    expect(asked.filter((verb) => !/^(describe|get|list|head|simulate)-/.test(verb))).toEqual([]);
  });

  it("has names that others took, which are those of the stack after its first up", async () => {
    const taken = new Error("An error occurred (403) when calling the HeadBucket operation: Forbidden");
    const found = await run({ "s3api head-bucket": taken, "eks describe-cluster": { cluster: {} } });
    expect(lines(found["Names"] ?? []).slice(0, 2)).toEqual([
      "wrong bucket slipway-objects: taken by another account",
      "wrong cluster slipway: taken in this account",
    ]);
    const again = await run(
      { "s3api head-bucket": {}, "eks describe-cluster": { cluster: {} } },
      { deployed: true },
    );
    expect(lines(again["Names"] ?? [])).toEqual([
      "ok bucket slipway-objects: there",
      "ok cluster slipway: there",
      "ok repositories of ECR: no other has them",
      "ok secrets: no other has them",
      "ok log group /aws/eks/slipway/cluster: free",
    ]);
  });

  it.each([
    ["2026-12-27", "ok Kubernetes 1.35: until 2027-03-27, 90 days"],
    ["2026-12-28", "wrong Kubernetes 1.35: until 2027-03-27, 89 days"],
    ["2027-04-01", "wrong Kubernetes 1.35: ended on 2027-03-27"],
  ])("on %s: %s", async (today, expected) => {
    const found = await run({}, { today });
    expect(lines(found["Versions"] ?? [])).toEqual([expected]);
  });

  it("does not offer the version", async () => {
    const { Versions = [] } = await run({
      "eks describe-cluster-versions": { clusterVersions: [{ clusterVersion: "1.36" }] },
    });
    expect(Versions).toMatchObject([
      { state: "wrong", found: "offered: 1.36", fix: 'cluster.version: "1.36"' },
    ]);
  });

  it("whose answers are refused or of another form is not known, and nothing throws", async () => {
    const nothing = Object.fromEntries(Object.keys(ANSWERS).map((key) => [key, new Error("AccessDenied")]));
    const refused = await run({ ...nothing, "sts get-caller-identity": ANSWERS["sts get-caller-identity"] });
    const strange = await run(Object.fromEntries(Object.keys(ANSWERS).map((key) => [key, ["strange"]])));
    for (const found of [refused, strange])
      for (const { state } of Object.values(found).flat())
        expect(["unknown", "ok", "wrong"]).toContain(state);
    expect(lines(refused["Quotas"] ?? [])).toEqual(["unknown quotas of EC2: AccessDenied"]);
  });
});
