import { describe, expect, it } from "vitest";
import { checkAws } from "../../../operations/doctor/aws/check-aws.ts";
import type { Finding } from "../../../operations/doctor/finding.ts";
import type { PlannedResource } from "../../../operations/doctor/planned-resource.ts";
import { provisionedDemand, type ProvisionedDemand } from "../../../operations/doctor/provisioned-demand.ts";
import { fakeCloudCli, lines } from "./fake-cloud-cli.ts";

const group = (
  name: string,
  machine: string,
  spot: boolean,
  minSize: number,
  maxSize: number,
): PlannedResource => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name,
  inputs: {
    instanceTypes: [machine],
    capacityType: spot ? "SPOT" : "ON_DEMAND",
    scalingConfig: { minSize, maxSize },
  },
});
const subnet = (availabilityZone: string): PlannedResource => ({
  type: "aws:ec2/subnet:Subnet",
  name: availabilityZone,
  inputs: { availabilityZone },
});
const planned: PlannedResource[] = [
  group("system", "m7i.large", false, 2, 4),
  group("cpu", "m7i.2xlarge", false, 3, 10),
  group("training", "g6.xlarge", true, 0, 4),
  subnet("eu-central-1a"),
  subnet("eu-central-1b"),
  ...["a", "b", "c"].map((name) => ({ type: "aws:ec2/eip:Eip", name, inputs: {} })),
  { type: "aws:s3/bucket:Bucket", name: "objects", inputs: { bucket: "slipway-objects" } },
  { type: "aws:eks/cluster:Cluster", name: "cluster", inputs: { name: "slipway", version: "1.35" } },
];
const ANSWERS: Record<string, unknown> = {
  "sts get-caller-identity": {
    UserId: "AROA:me",
    Account: "123456789012",
    Arn: "arn:aws:sts::123456789012:assumed-role/Deployer/me",
  },
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
  "eks describe-cluster-versions": {
    clusterVersions: [
      { clusterVersion: "1.36", endOfStandardSupportDate: "2027-08-02T00:00:00+00:00" },
      { clusterVersion: "1.35", endOfStandardSupportDate: "2027-03-27T00:00:00+00:00" },
    ],
  },
};

async function run(
  more: Record<string, unknown> = {},
  options: {
    planned?: PlannedResource[];
    provisioned?: ProvisionedDemand[];
    exists?: boolean;
    today?: string;
  } = {},
): Promise<Record<string, Finding[]>> {
  const checks = checkAws(fakeCloudCli({ ...ANSWERS, ...more }), {
    account: "123456789012",
    region: "eu-central-1",
    planned: options.planned ?? planned,
    provisioned: options.provisioned ?? [],
    exists: options.exists ?? false,
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

  describe("with a replication setting of ECR", () => {
    const rule = (region: string, repositoryFilters?: object[]): object => ({
      destinations: [{ region, registryId: "123456789012" }],
      ...(repositoryFilters === undefined ? {} : { repositoryFilters }),
    });
    const copies: PlannedResource = {
      type: "aws:ecr/replicationConfiguration:ReplicationConfiguration",
      name: "registry-copies-replication",
      inputs: { replicationConfiguration: { rules: [rule("eu-west-1")] } },
    };
    const settings = async (answer: unknown, resources = [...planned, copies]): Promise<Finding[]> =>
      (await run({ "ecr describe-registry": answer }, { planned: resources }))["Account settings"] ?? [];
    const registry = (...rules: object[]): object => ({
      registryId: "123456789012",
      replicationConfiguration: { rules },
    });

    it("of somebody else is named before it is replaced", async () => {
      const found = await settings(
        registry(rule("us-east-1", [{ filter: "shop/", filterType: "PREFIX_MATCH" }])),
      );
      expect(found).toEqual([
        {
          subject: "replication of ECR, one setting for the whole account and region",
          state: "wrong",
          found: "shop/* to us-east-1 of 123456789012: up replaces it",
          needed: "all repositories to eu-west-1 of 123456789012",
          fix: expect.stringContaining("leave cloud.backup.copyRegistry out") as string,
        },
      ]);
    });

    it("is right where there is none, or the same", async () => {
      for (const answer of [registry(), registry(rule("eu-west-1", []))])
        expect((await settings(answer)).map(({ state }) => state)).toEqual(["ok"]);
    });

    it("is not asked for where the stack plans none, and not known without the right", async () => {
      expect(await settings(new Error("must not be asked"), planned)).toEqual([]);
      expect((await settings(new Error("AccessDenied"))).map(({ state }) => state)).toEqual(["unknown"]);
    });
  });

  it("has room for the nodes that EKS Auto Mode may create, or too little", async () => {
    const limits = { maxVcpus: 160, maxMemoryGib: 640, maxGpus: { "nvidia-l4": 4 }, spot: true };
    const { Quotas = [] } = await run({}, { provisioned: provisionedDemand("aws", limits) });
    expect(Quotas.map(({ subject, state, needed }) => `${state} ${subject}: ${needed}`)).toEqual([
      "unknown vCPUs: Running On-Demand G and VT instances: a quota",
      "wrong vCPUs: spot, as G and VT instances: 0 at first, 32 when all pools are full",
      "wrong vCPUs: Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances: 28 at first, 248 when all pools are full",
      "unknown vCPUs: spot, as Standard (A, C, D, H, I, M, R, T, Z) instances: a quota",
      "ok Elastic IP addresses: 3",
    ]);
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

  it("has names that others took, which are those of the stack after its first up", async () => {
    const taken = new Error("An error occurred (403) when calling the HeadBucket operation: Forbidden");
    const found = await run({ "s3api head-bucket": taken, "eks describe-cluster": { cluster: {} } });
    expect(lines(found["Names"] ?? [])).toEqual([
      "wrong bucket slipway-objects: taken by another account",
      "wrong cluster slipway: taken in this account",
    ]);
    const again = await run(
      { "s3api head-bucket": {}, "eks describe-cluster": { cluster: {} } },
      { exists: true },
    );
    expect(lines(again["Names"] ?? [])).toEqual([
      "ok bucket slipway-objects: there",
      "ok cluster slipway: there",
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
      { state: "wrong", found: "not offered", fix: 'cluster.version: "1.36"' },
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
