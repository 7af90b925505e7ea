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

const unpriced = (line: number, path: string, machine: string): string =>
  `Pulumi.prod-foundation.yaml:${line}: slipway:${path}: is a machine without a price, got "${machine}": the estimate lacks its cost`;

test.each(["prod-foundation", "prod-gcp-foundation", "prod-azure-foundation"])(
  "%s has no machine without a price",
  async (stack) => {
    expect((await warningsOf(stack)).join()).not.toContain("without a price");
  },
);

test("a machine with a typing error is a warning with the nearest machine", async () => {
  expect(
    await warningsOf(
      "prod-foundation",
      ["cpu: { min: 3,", "cpu: { machine: m7i.2xlrge, min: 3,"],
      ["cache.r7g.large", "cache.r7g.larg"],
    ),
  ).toEqual([
    `${unpriced(10, "cluster.nodePools.cpu.machine", "m7i.2xlrge")}; did you mean m7i.2xlarge? If not, add its price to prices.override.json`,
    `${unpriced(23, "cloud.redis.machine", "cache.r7g.larg")}; did you mean cache.r7g.large? If not, add its price to prices.override.json`,
  ]);
});

test("a machine that is like no other names the file of own prices, which ends the warning", async () => {
  const edit: [string, string] = ["cpu: { min: 3,", "cpu: { machine: x2idn.metal, min: 3,"];
  expect(await warningsOf("prod-foundation", edit)).toEqual([
    `${unpriced(10, "cluster.nodePools.cpu.machine", "x2idn.metal")}; make sure that the cloud has it, and add its price to prices.override.json`,
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
