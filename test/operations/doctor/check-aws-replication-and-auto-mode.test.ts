import { describe, expect, it } from "vitest";
import type { Finding } from "../../../operations/doctor/finding.ts";
import { provisionedDemand } from "../../../operations/doctor/provisioned-demand.ts";
import { planned, run } from "./aws-account.ts";
import type { Planned } from "./planned.ts";

describe("an AWS account", () => {
  describe("with a replication setting of ECR", () => {
    const rule = (region: string, repositoryFilters?: object[]): object => ({
      destinations: [{ region, registryId: "123456789012" }],
      ...(repositoryFilters === undefined ? {} : { repositoryFilters }),
    });
    const copies: Planned = {
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
});
