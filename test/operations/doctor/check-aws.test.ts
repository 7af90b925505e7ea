import { describe, expect, it } from "vitest";
import { checkAws } from "../../../operations/doctor/aws/check-aws.ts";
import { ANSWERS, planned, run } from "./aws-account.ts";
import { fakeCloudCli, lines } from "./fake-cloud-cli.ts";
import { ofStack } from "./planned.ts";

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
