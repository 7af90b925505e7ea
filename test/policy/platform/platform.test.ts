import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unsupported } from "../../../cost/estimate/kubernetes-support.ts";
import { regionOf } from "../../../policy/platform/regions.ts";
import { judge, ruleNamed } from "../judge.ts";
import { awsViolations } from "../violations/aws.ts";

const eks = awsViolations.find(({ policy }) => policy === "aws-eks-no-open-endpoint")?.good("cluster") ?? [];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ceiling-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("compares the cost of a stack with its ceiling, and names the most expensive resources", () => {
  const stack = { name: "test", type: "pulumi:pulumi:Stack", inputs: {} };
  const provider = { name: "default", type: "pulumi:providers:aws", inputs: { region: "eu-central-1" } };
  const resources = [stack, provider, ...eks];
  const policy = "platform-cost-ceiling";
  expect(judge(policy, resources)).toEqual([]);
  const found = judge(policy, resources, { config: { monthlyUsd: 1 }, provider: { region: "eu-central-1" } });
  expect(found).toHaveLength(1);
  expect(found[0]?.urn).toContain("pulumi:pulumi:Stack");
  expect(found[0]?.message).toMatch(/must be at most 1 USD per month, got \d+\.\d\d \(cluster /);
  expect(judge(policy, resources, { config: { monthlyUsd: 1e6 } })).toEqual([]);
});

test("the ceiling uses the regions of providers and the project's own prices", () => {
  const policy = "platform-cost-ceiling";
  const amount = (provider: Record<string, unknown>, projectDir = "/nonexistent"): string | undefined =>
    judge(policy, eks, { config: { monthlyUsd: 1 }, provider, context: { projectDir } })[0]?.message.match(
      /got (\d+\.\d\d)/,
    )?.[1];
  expect(amount({ region: "us-east-1" })).toBe("73.00");
  expect(amount({})).toBeUndefined(); // nobody says where it is
  const projectDir = temporaryFolder();
  const contract = { aws: [{ sku: "eks-cluster", usd: { "us-east-1": 0.2 }, date: "2026-11" }] };
  writeFileSync(join(projectDir, "prices.override.json"), JSON.stringify(contract));
  expect(amount({ region: "us-east-1" }, projectDir)).toBe("146.00");
});

test("resources without a price are named, because the ceiling does not judge them", () => {
  const policy = "platform-cost-known";
  const nodes = {
    name: "nodes",
    type: "aws:eks/nodeGroup:NodeGroup",
    inputs: { instanceTypes: ["m7i.2xlrge"], scalingConfig: { desiredSize: 3, minSize: 3, maxSize: 3 } },
  };
  const priced = { provider: { region: "eu-central-1" } };
  expect(judge(policy, eks, priced)).toEqual([]);
  const messages = judge(policy, [...eks, nodes], priced).map(({ message }) => message);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain(
    "the estimate and platform-cost-ceiling must know every price, got 1 unknown (nodes: nodes: no price of m7i.2xlrge on aws): their cost is not judged",
  );
  expect(
    judge("platform-cost-ceiling", eks, { config: { monthlyUsd: 1 }, provider: { region: "xx-1" } }),
  ).toEqual([]);
  expect(judge(policy, eks, { provider: { region: "xx-1" } })).toHaveLength(1);
  expect(ruleNamed(policy).level).toBe("advisory");
});

test("what is paid by use, and what runs in no cloud, needs no price", () => {
  const policy = "platform-cost-known";
  const paidByUse = { name: "detector", type: "aws:lambda/function:Function", inputs: {} };
  const volume = {
    name: "data",
    type: "kubernetes:core/v1:PersistentVolumeClaim",
    inputs: { spec: { resources: { requests: { storage: "10Gi" } } } },
  };
  expect(judge(policy, [paidByUse, volume], { provider: { region: "eu-central-1" } })).toEqual([]);
});

test("tags of the provider count, also as JSON text", () => {
  const cluster = eks.map((resource) => ({ ...resource, inputs: { ...resource.inputs, tags: undefined } }));
  const policy = "platform-required-tags";
  expect(judge(policy, cluster)).toHaveLength(1);
  const tags = { owner: "ml", environment: "test" };
  expect(judge(policy, cluster, { provider: { defaultTags: JSON.stringify({ tags }) } })).toEqual([]);
  expect(
    judge(policy, cluster, { provider: { defaultTags: JSON.stringify({ tags: { owner: "ml" } }) } }),
  ).toHaveLength(1);
});

test("without regions in its config, the region of the stack's cluster is the allowed one", () => {
  const policy = "platform-allowed-regions";
  const context = { region: "eu-central-1" };
  expect(judge(policy, eks, { context, provider: { region: "us-east-1" } })).toHaveLength(1);
  expect(judge(policy, eks, { context, provider: { region: "eu-central-1" } })).toEqual([]);
  const config = { regions: ["us-east-1"] };
  expect(judge(policy, eks, { config, context, provider: { region: "us-east-1" } })).toEqual([]);
});

test("checks the region of the provider if the resource has none", () => {
  const config = { regions: ["eu-central-1"] };
  const policy = "platform-allowed-regions";
  expect(judge(policy, eks, { config, provider: { region: "us-east-1" } })).toHaveLength(1);
  expect(judge(policy, eks, { config, provider: { region: "eu-central-1" } })).toEqual([]);
});

test("GPU pools may keep nodes in production, and under a budget", () => {
  const nodes = {
    name: "gpus",
    type: "aws:eks/nodeGroup:NodeGroup",
    inputs: { instanceTypes: ["p5.48xlarge"], scalingConfig: { minSize: 1 } },
  };
  const budget = { name: "budget", type: "aws:budgets/budget:Budget", inputs: {} };
  const policy = "platform-gpu-pools-scale-to-zero";
  expect(judge(policy, [nodes])).toHaveLength(1);
  expect(judge(policy, [nodes], { context: { stack: "prod-azure" } })).toEqual([]);
  expect(judge(policy, [nodes, budget])).toEqual([]);
  const plain = { ...nodes, inputs: { ...nodes.inputs, instanceTypes: ["m7i.large"] } };
  expect(judge(policy, [plain])).toEqual([]);
});

test.each([
  ["europe-west1-b", "europe-west1"],
  ["europe-west1", "europe-west1"],
  ["West Europe", "westeurope"],
  ["eu-central-1", "eu-central-1"],
  ["EU", "eu"],
])("%s is in %s", (place, region) => expect(regionOf(place)).toBe(region));

const TABLE = { "1.34": "2026-12-02", "1.35": "2027-03-27" };

test.each([
  ["1.34", "2026-12-02", undefined],
  ["1.34", "2026-12-03", "support of 1.34 ended on 2026-12-02"],
  ["1.34.5-gke.100", "2026-12-03", "support of 1.34 ended on 2026-12-02"],
  ["1.33", "2026-11-23", "1.33 is no longer in standard support"],
  ["1.36", "2026-11-23", undefined], // newer than the table
  ["latest", "2026-11-23", undefined],
])("on version %s, on %s: %s", (version, day, why) => expect(unsupported(version, TABLE, day)).toBe(why));
