import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { checkStackFile } from "../../../stacks/config/check-stack-file.ts";
import { check, devWith, file, productionWith, SERVICE } from "./dev-stack-file.ts";

test("warns about fewer nodes than zones, because a volume belongs to one zone", async () => {
  const prodOf = (file: string): Promise<string> =>
    readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
  const warnings = (text: string): string =>
    check(text.replace("cpu: { min: 3,", "cpu: { min: 2,")).warnings.join();
  const message = "slipway:cluster.nodePools.cpu.min: is less than the 3 zones of the cluster";
  const gke = await prodOf("Pulumi.prod-gcp-foundation.yaml");
  expect(warnings(gke)).toContain(message);
  const twoZones = "region: europe-west4\n    zones: [europe-west4-a, europe-west4-b]";
  expect(warnings(gke.replace("region: europe-west4", twoZones))).toBe("");
  // EKS has a node group in each zone, so that the autoscaler starts a node where the volume is.
  expect(warnings(await prodOf("Pulumi.prod-foundation.yaml"))).not.toContain(message);
  // A volume of AKS has copies in all zones, or there is one zone.
  const aks = (await prodOf("Pulumi.prod-azure-foundation.yaml")).replace(
    "min: 3, max: 10",
    "min: 1, max: 10",
  );
  expect(check(aks).warnings).toEqual([]);
});

test("an encrypted secret is not plain text, and stays encrypted", () => {
  const sealed = devWith(["receiver: local", "receiver: slack\n    slackUrl:\n      secure: v1:abc:def"]);
  const { problems, warnings, parsed } = checkStackFile({ file, text: sealed });
  expect([problems, warnings]).toEqual([[], []]);
  expect(parsed).toBeDefined();
  expect(JSON.stringify(parsed)).not.toContain("v1:abc");
});

test.each<[string, string, string]>([
  [
    "a key without its namespace",
    devWith(["slipway:drift", "drift"]),
    "38: drift: has no namespace, so Pulumi reads it as slipway:drift; write slipway:drift",
  ],
  [
    "a namespace with a typing error",
    devWith(["  slipway:drift", "  slipwy:drift"]),
    "38: slipwy:drift: is a key of another namespace and has no effect; did you mean slipway:drift?",
  ],
  [
    "a secret of a provider in plain text",
    devWith(["  slipway:drift", "  aws:secretKey: hunter2\n  slipway:drift"]),
    "38: aws:secretKey: has the name of a secret, and is plain text in a file that is committed to git",
  ],
  [
    "a text with the form of a secret",
    devWith(["lockFile: images.dev.lock.json", "lockFile: AKIAIOSFODNN7EXAMPLE"]),
    "11: slipway:images.lockFile: looks like an access key of AWS",
  ],
  [
    "a GPU of an existing cluster",
    productionWith("gpu: { type: nvidia-l4 }"),
    `28: ${SERVICE}.gpu: requests a GPU, but Slipway does not know the nodes of an existing cluster`,
  ],
])("warns about %s", (_title, text, message) => {
  const { problems, warnings } = check(text);
  expect(problems).toEqual([]);
  expect(warnings.join("\n")).toContain(`${file}:${message}`);
  expect(warnings.join("\n")).not.toContain("hunter2");
});

test("keys of other namespaces are ignored", () => {
  expect(check(devWith(["  slipway:drift", "  aws:region: eu-central-1\n  slipway:drift"]))).toEqual({
    problems: [],
    warnings: [],
  });
});

test("warns beside problems: of a region, of nodes and of a GPU of an existing cluster", async () => {
  const prod = await readFile(new URL("../../../Pulumi.prod-gcp-foundation.yaml", import.meta.url), "utf8");
  const wrong = prod
    .replace("cpu: { min: 3,", "cpu: { mni: 1, min: 2,")
    .replace(/region: \S+/, "region: mars-west1");
  const foundation = check(wrong);
  expect(foundation.problems.join()).toContain("cluster.nodePools.cpu.mni: no such key");
  expect(foundation.warnings.join()).toContain(
    "cluster.region: is no region of Google Cloud that Slipway knows",
  );
  expect(foundation.warnings.join()).toContain("nodePools.cpu.min: is less than the 3 zones");
  const platform = check(productionWith("gpu: { type: nvidia-l4 }\n          replica: 2"));
  expect(platform.problems.join()).toContain("replica: no such key");
  expect(platform.warnings.join()).toContain("gpu: requests a GPU");
});
