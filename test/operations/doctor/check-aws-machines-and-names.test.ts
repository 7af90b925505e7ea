import { describe, expect, it } from "vitest";
import { planned, run, subnet } from "./aws-account.ts";
import { lines } from "./fake-cloud-cli.ts";
import type { Planned } from "./planned.ts";

describe("machines and names of an AWS account", () => {
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
    const limits = (
      ConcurrentExecutions: number,
      UnreservedConcurrentExecutions: number,
    ): Record<string, unknown> => ({
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
});
