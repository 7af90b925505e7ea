import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkStackConfig, configLines } from "../../operations/check-stack-config.ts";
import { ROOT } from "../../operations/root.ts";
import { loadStackFile } from "../../operations/stack/load-stack-file.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-config-"));
  for (const name of ["Pulumi.prod.yaml", "Pulumi.prod-foundation.yaml"])
    await copyFile(join(ROOT, name), join(root, name));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const problemsOf = async (stack: string): Promise<string[]> => {
  const file = await loadStackFile(root, stack);
  return configLines((await checkStackConfig(file)).problems, file);
};

it("refuses two platforms on one foundation, in both files", async () => {
  expect(await problemsOf("prod")).toEqual([]);
  await copyFile(join(root, "Pulumi.prod.yaml"), join(root, "Pulumi.prod2.yaml"));
  const message = (file: string, other: string): string =>
    `${file}:6: slipway:cluster.stack: must be a foundation without another platform, got prod-foundation, which ${other} names too; both would own the same namespaces and repositories; make a foundation for each platform, or remove one of the files`;
  expect(await problemsOf("prod2")).toEqual([message("Pulumi.prod2.yaml", "Pulumi.prod.yaml")]);
  expect(await problemsOf("prod")).toEqual([message("Pulumi.prod.yaml", "Pulumi.prod2.yaml")]);
  expect(await problemsOf("prod-foundation")).toEqual([]);
});

it("proposes the foundation with the nearest name", async () => {
  const text = await readFile(join(root, "Pulumi.prod.yaml"), "utf8");
  await writeFile(join(root, "Pulumi.prod.yaml"), text.replace("prod-foundation\n", "prod-fundation\n"));
  expect(await problemsOf("prod")).toEqual([
    "Pulumi.prod.yaml:6: slipway:cluster.stack: must be a stack of this project, got one without a file Pulumi.prod-fundation.yaml; did you mean prod-foundation?",
  ]);
});

it("names the machine of an Arm pool in the file of the foundation, with the images whose platforms nobody knows", async () => {
  const name = "Pulumi.prod-foundation.yaml";
  await copyFile(join(ROOT, "images.prod.lock.json"), join(root, "images.prod.lock.json"));
  const text = await readFile(join(root, name), "utf8");
  await writeFile(join(root, name), text.replace("cpu: { min", "cpu: { machine: m7g.2xlarge, min"));
  const line = text.split("\n").findIndex((each) => each.includes("cpu: { min")) + 1;
  const start = `${name}:${line}: slipway:cluster.nodePools.cpu.machine: must have processors for which every image has a build, got m7g.2xlarge, an Arm machine: images.prod.lock.json does not say the platforms of alertmanager, cluster-autoscaler, prometheus; images.prod.lock.json has no digest of external-secrets, pushgateway, runtime; npm run lock`;
  for (const stack of ["prod", "prod-foundation"])
    expect(await problemsOf(stack)).toEqual([expect.stringContaining(start)]);
});
