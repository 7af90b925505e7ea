import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkStack } from "../../../cli/preview/check-stack.ts";
import { stackNeeds } from "../../../cli/preview/stack-needs.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-machines-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Returns the warnings about the file of a foundation after edits. */
async function warningsOf(stack: string, ...edits: [string, string][]): Promise<string[]> {
  const text = await readFile(new URL(`../../../Pulumi.${stack}.yaml`, import.meta.url), "utf8");
  const edited = edits.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, text);
  await writeFile(join(root, `Pulumi.${stack}.yaml`), edited);
  const { problems, warnings } = await checkStack(await stackNeeds(root, stack), {
    projectDir: root,
    env: {},
  });
  expect(problems).toEqual([]);
  return warnings;
}

/** Returns the line that has a machine in the edited file of `prod-foundation`. */
async function lineOf(machine: string): Promise<number> {
  const text = await readFile(join(root, "Pulumi.prod-foundation.yaml"), "utf8");
  return text.split("\n").findIndex((each) => each.includes(machine)) + 1;
}

/** Returns the warning about a machine in the edited file of `prod-foundation`. */
async function unpriced(path: string, machine: string): Promise<string> {
  return `Pulumi.prod-foundation.yaml:${await lineOf(machine)}: slipway:${path}: is a machine without a price, got "${machine}": the estimate lacks its cost`;
}

test.each(["prod-foundation", "prod-gcp-foundation", "prod-azure-foundation"])(
  "%s has no machine without a price",
  async (stack) => {
    expect((await warningsOf(stack)).join()).not.toContain("without a price");
  },
);

test("a machine with a typing error is a warning with the nearest machine", async () => {
  const warnings = await warningsOf(
    "prod-foundation",
    ["cpu: { min: 3,", "cpu: { machine: m7i.2xlrge, min: 3,"],
    ["cache.r7g.large", "cache.r7g.larg"],
  );
  expect(warnings).toEqual([
    `${await unpriced("cluster.nodePools.cpu.machine", "m7i.2xlrge")}; did you mean m7i.2xlarge? If not, add its price to prices.override.json`,
    `${await unpriced("cloud.redis.machine", "cache.r7g.larg")}; did you mean cache.r7g.large? If not, add its price to prices.override.json`,
  ]);
});

test("a machine that is like no other names the file of own prices, which ends the warning", async () => {
  const edit: [string, string] = ["cpu: { min: 3,", "cpu: { machine: x2idn.metal, min: 3,"];
  const warnings = await warningsOf("prod-foundation", edit);
  expect(warnings).toEqual([
    `${await unpriced("cluster.nodePools.cpu.machine", "x2idn.metal")}; make sure that the cloud has it, and add its price to prices.override.json`,
  ]);
  const price = { sku: "x2idn.metal", unit: "hour", usd: { "eu-central-1": 30 }, date: "2026-11" };
  await writeFile(join(root, "prices.override.json"), JSON.stringify({ aws: [price] }));
  expect(await warningsOf("prod-foundation", edit)).toEqual([]);
});

test("the price of a database on Azure is found by the name of its machine", async () => {
  const database = (machine: string): [string, string] => [
    "slipway:cloud:\n",
    `slipway:cloud:\n    database: { machine: ${machine} }\n`,
  ];
  expect(await warningsOf("prod-azure-foundation", database("Standard_D2ds_v5"))).toEqual(
    await warningsOf("prod-azure-foundation"),
  );
  expect((await warningsOf("prod-azure-foundation", database("Standard_D2ds_v55"))).join()).toContain(
    "did you mean Standard_D2ds_v5?",
  );
});

test("a database of its own size on Google Cloud has a price", async () => {
  const edit: [string, string] = [
    "slipway:cloud:\n",
    "slipway:cloud:\n    database: { machine: db-custom-2-7680 }\n",
  ];
  expect((await warningsOf("prod-gcp-foundation", edit)).join()).not.toContain("without a price");
});

test("the name of each further machine of a spot pool is checked, and its price is not", async () => {
  const pool = "cpu: { spot: true, spotMachines: [m7a.2xlarge, m7a.2xlrage], min: 3,";
  const warnings = await warningsOf("prod-foundation", ["cpu: { min: 3,", pool]);
  const line = await lineOf("m7a.2xlrage");
  expect(warnings).toEqual([
    `Pulumi.prod-foundation.yaml:${line}: slipway:cluster.nodePools.cpu.spotMachines.1: is a machine that Slipway does not know, got "m7a.2xlrage"; did you mean m7a.2xlarge? If not, add its price to prices.override.json`,
  ]);
});

test.each([
  ["prod", "{ kind: sagemaker, instanceType: ml.m5.lrge }", "instanceType", "ml.m5.lrge", "ml.m5.large"],
  ["prod", "{ kind: sagemaker, instanceType: ml.r7g.lrge }", "instanceType", "ml.r7g.lrge", "ml.r7g.large"],
  [
    ...(["prod-azure", "{ kind: azure-ml, instanceType: Standard_F4s_v22 }", "instanceType"] as const),
    ...(["Standard_F4s_v22", "Standard_F4s_v2"] as const),
  ],
  [
    ...(["prod-gcp", '{ kind: vertex, endpointId: "1234567890", machineType: n2-standrd-2 }'] as const),
    ...(["machineType", "n2-standrd-2", "n2-standard-2"] as const),
  ],
])("the machine of a target on %s is checked: %s", async (stack, target, key, machine, near) => {
  const foundation = `Pulumi.${stack}-foundation.yaml`;
  const text = await readFile(new URL(`../../../${foundation}`, import.meta.url), "utf8");
  const kind = /kind: ([a-z-]+)/.exec(target)?.[1] ?? "";
  await writeFile(
    join(root, foundation),
    text.replace("slipway:cloud:\n", `slipway:cloud:\n    targets: [${kind}]\n`),
  );
  const service = /pushback:\n {10}workload: flight-delays\n {10}replicas: 1\n/;
  const before = (await readFile(new URL(`../../../Pulumi.${stack}.yaml`, import.meta.url), "utf8")).match(
    service,
  )?.[0];
  const warnings = await warningsOf(stack, [
    before ?? "",
    `pushback:\n          workload: flight-delays\n          target: ${target}\n`,
  ]);
  expect(warnings).toContainEqual(
    expect.stringContaining(
      `slipway:environments.staging.services.pushback.target.${key}: is a machine without a price, got "${machine}": the estimate lacks its cost; did you mean ${near}?`,
    ),
  );
});
