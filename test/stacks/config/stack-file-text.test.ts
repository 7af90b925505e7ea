import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readStackFile } from "../../../stacks/config/stack-file.ts";
import { check, dev, file, productionWith, SERVICE } from "./dev-stack-file.ts";

test.each([
  [
    "an alias that is in what it repeats",
    "config:\n  slipway:cluster: &a\n    kind: *a\n",
    "3: the alias *a must not be in what it repeats; write its text out",
  ],
  [
    "an alias without an anchor",
    "config: *nope\n",
    "1: the alias *nope must have an anchor &nope before it; correct the name, or write its text out",
  ],
  [
    "aliases that multiply",
    `config:\n  a: &a [${"x,".repeat(10)}]\n  b: &b [${"*a,".repeat(20)}]\n  c: &c [${"*b,".repeat(20)}]\n  d: [${"*c,".repeat(20)}]\n`,
    "1: config: must repeat less by its aliases: those of lists with aliases multiply; write the text out",
  ],
  [
    "a second document",
    "config: {}\n---\nconfig: {}\n",
    "2: must be one YAML document; remove the line --- and what is below it",
  ],
  [
    "bytes that are no text",
    "config:\n  a: \uFFFD\n",
    "2: must be text in UTF-8, got other bytes; write the file anew",
  ],
])("refuses %s", (_title, text, message) => {
  expect(check(text).problems).toEqual([`${file}:${message}`]);
});

test.each<[string, string, string]>([
  [
    "a key that the config lacks",
    "slipway:secrets: {}",
    "slipway:secrets: must be below config:, because Pulumi ignores it beside config:; indent it below config:",
  ],
  [
    "a key that the config has",
    "slipway:images:\n  lockFile: images.prod.lock.json",
    "slipway:images: must be below config:, because Pulumi ignores it beside config:; line 10 has this key already: edit that one, and remove this one",
  ],
  [
    "a key of another kind",
    "resources: {}",
    "resources: no such key of a stack file (known: config, encryptedkey, encryptionsalt, environment, secretsprovider); rename or remove it, or indent it below config: if it is a key of the config",
  ],
])("refuses %s beside config", (_title, pasted, message) => {
  const line = dev.split("\n").length;
  expect(check(`${dev}${pasted}\n`).problems).toEqual([`${file}:${line}: ${message}`]);
});

test("names the file of the foundation where a key stands beside its config", () => {
  const name = "Pulumi.base.yaml";
  const foundation = readStackFile("config: {}\nslipway:images: {}\n", "slipway");
  const options = { stack: "base", file: name, values: {}, source: { name, file: foundation } };
  const text = "config:\n  slipway:cluster: { kind: foundation, stack: base }\n";
  expect(check(text, { foundation: options }).problems).toEqual([
    `${name}:2: slipway:images: must be below config:, because Pulumi ignores it beside config:; indent it below config:`,
  ]);
});

test("a number in place of a text is shown as the file has it, and no other text is", async () => {
  const prod = await readFile(new URL("../../../Pulumi.prod-foundation.yaml", import.meta.url), "utf8");
  const edited = prod.replace('account: "417366251839"', "account: 012345678901\n    version: 1.30");
  const { problems } = check(edited);
  expect(problems[0]).toMatch(
    /slipway:cluster\.account: must be the 12 digits of an AWS account, in quotes, got 012345678901 without quotes; change line \d+ of/,
  );
  expect(problems[1]).toMatch(
    /slipway:cluster\.version: must be a minor version in quotes, such as "1\.35", got 1\.30 without quotes;/,
  );
});

test("a missing key of a mapping in braces belongs inside the braces", () => {
  const text = productionWith("autoscaling: { cpuPercent: 60 }");
  expect(check(text).problems).toEqual([
    `${file}:28: ${SERVICE}.autoscaling.maxReplicas: must be a whole number of at least 2, got nothing; add it inside the braces of line 28 of ${file}`,
  ]);
});

test("names the command that finds the id of a group, and the network of one address", async () => {
  const prod = await readFile(new URL("../../../Pulumi.prod-azure-foundation.yaml", import.meta.url), "utf8");
  const edited = prod.replace(/adminGroups:.*/, "adminGroups: [ml-admins]\n    adminCidrs: [203.0.113.7]");
  const problems = check(edited).problems.join("\n");
  expect(problems).toContain(
    'slipway:cluster.adminGroups.0: must be the object id of an Entra group: az ad group show --group NAME --query id --output tsv, got "ml-admins"',
  );
  expect(problems).toContain(
    'slipway:cluster.adminCidrs.0: must be an IPv4 network such as 203.0.113.0/24, got "203.0.113.7"; for one address, write 203.0.113.7/32',
  );
});
