import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CommandFailed } from "../../../local/run-command.ts";
import { patch } from "../../../cli/run/patch.ts";
import { nodeImageSources, pinNodeRelease } from "../../../operations/stack/node-releases.ts";

const root = resolve(import.meta.dirname, "../../..");
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "patch-"));
  for (const file of ["Pulumi.prod.yaml", "Pulumi.prod-foundation.yaml"])
    await cp(join(root, file), join(folder, file));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

it("asks for the images of the pools and the Kubernetes of the stack", () => {
  expect(nodeImageSources({ kind: "eks", region: "eu-central-1" }, "prod")).toEqual([
    {
      image: "bottlerocket",
      region: "eu-central-1",
      parameter: "/aws/service/bottlerocket/aws-k8s-1.36/x86_64/latest/image_version",
    },
  ]);
  const neuron = nodeImageSources({ kind: "eks", version: "1.35", neuronPools: { inf: {} } }, "prod");
  expect(neuron[1]?.parameter).toBe(
    "/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/neuron/recommended/release_version",
  );
});

it("refuses a stack whose cloud patches its nodes itself", () => {
  expect(() => nodeImageSources({ kind: "gke" }, "prod-gcp")).toThrow(
    "stack prod-gcp: slipway:cluster.kind must be eks, got gke",
  );
});

it("changes one line of the file, and tells what was there before", async () => {
  const text = await readFile(join(root, "Pulumi.prod-foundation.yaml"), "utf8");
  const first = pinNodeRelease(text, "bottlerocket", "1.62.0-1b2c3d4e");
  expect(first.before).toBe("the newest");
  const second = pinNodeRelease(first.text, "bottlerocket", "1.63.0-2b2c3d4e");
  expect(second.before).toBe("1.62.0-1b2c3d4e");
  const lines = (value: string) =>
    value
      .replaceAll(/\[ | \]/g, "")
      .replaceAll(/[[\]]/g, "")
      .split("\n");
  const added = lines(second.text).filter((line) => !lines(text).includes(line));
  expect(added.map((line) => line.trim())).toEqual(["nodeReleases:", "bottlerocket: 1.63.0-2b2c3d4e"]);
  expect(lines(text).filter((line) => !lines(second.text).includes(line))).toEqual([]);
});

it("writes what AWS answers, and nothing where that is no release", async () => {
  const file = join(folder, "Pulumi.prod-foundation.yaml");
  const before = await readFile(file, "utf8");
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  for (const answer of ["None\n", "", "1.62.0-1b2c3d4e\n<html>\n", "1.36.2-20261120x", "x".repeat(9000)]) {
    const failure: unknown = await patch({ stack: "prod" }, folder, () => Promise.resolve(answer)).catch(
      (error: unknown) => error,
    );
    const { message } = failure as Error;
    expect(message).toMatch(
      /^Pulumi\.prod-foundation\.yaml is as it was: the answer of AWS must be a version with its build, such as \S+, got ".*", which is no version of the node image bottlerocket; see what it answers to aws ssm get-parameter --region eu-central-1 --name \/aws/,
    );
    expect(message.length).toBeLessThan(500);
  }
  expect(await readFile(file, "utf8")).toBe(before);
  const failed = new CommandFailed("aws ssm", 255, "\nToken has expired and refresh failed.\n");
  await expect(patch({ stack: "prod" }, folder, () => Promise.reject(failed))).rejects.toThrow(
    /^Pulumi\.prod-foundation\.yaml is as it was: AWS does not say .* bottlerocket: Token has expired and refresh failed; log in with aws sso login, or set AWS_PROFILE/,
  );
  const hung = new CommandFailed("aws ssm", null, "", { timedOutMs: 60_000 });
  await expect(patch({ stack: "prod" }, folder, () => Promise.reject(hung))).rejects.toThrow(
    "aws did not end within 60 s; let this machine reach https://ssm.eu-central-1.amazonaws.com",
  );
  await patch({ stack: "prod" }, folder, () => Promise.resolve("1.62.0-1b2c3d4e\n"));
  expect(await readFile(file, "utf8")).toContain("bottlerocket: 1.62.0-1b2c3d4e");
});

it("writes the release beside a problem that the file had before, and says that it is still there", async () => {
  const file = join(folder, "Pulumi.prod-foundation.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("monthlyUsd: 2500", "monthlyUsd: 0"));
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  const warn = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await patch({ stack: "prod" }, folder, () => Promise.resolve("1.62.0-1b2c3d4e\n"));
  expect(await readFile(file, "utf8")).toContain("bottlerocket: 1.62.0-1b2c3d4e");
  expect(warn.mock.calls.flat().slice(1)).toEqual([
    expect.stringMatching(
      /^warning: still wrong, as before the change: Pulumi\.prod-foundation\.yaml:\d+: slipway:cloud\.budget\.monthlyUsd: must be more than 0/,
    ),
  ]);
});

it("writes the release of an Arm pool whose images have no known platforms yet", async () => {
  await cp(join(root, "images.prod.lock.json"), join(folder, "images.prod.lock.json"));
  const file = join(folder, "Pulumi.prod-foundation.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("cpu: { min", "cpu: { machine: m7g.2xlarge, min"));
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  const warn = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await patch({ stack: "prod" }, folder, () => Promise.resolve("1.62.0-1b2c3d4e\n"));
  expect(await readFile(file, "utf8")).toContain("bottlerocket: 1.62.0-1b2c3d4e");
  expect(warn.mock.calls.flat().slice(1)).toEqual([expect.stringContaining("an Arm machine")]);
});

it.each([
  ["names itself", "a", "a"],
  ["names a platform that names it", "a", "b"],
])("refuses a file whose foundation %s, and names its line", async (_case, stack, foundation) => {
  const platform = (on: string): string => `config:\n  slipway:cluster: { kind: foundation, stack: ${on} }\n`;
  await writeFile(join(folder, "Pulumi.b.yaml"), platform("a"));
  await writeFile(join(folder, "Pulumi.a.yaml"), platform(foundation));
  await expect(patch({ stack }, folder, () => Promise.reject(new Error("asked")))).rejects.toThrow(
    `Pulumi.a.yaml:2: slipway:cluster.stack: must be a foundation, got Pulumi.${foundation}.yaml, whose cluster.kind is not eks, gke or aks; name the stack that creates the cluster`,
  );
});
