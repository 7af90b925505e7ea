import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { stackRegistry } from "../../../operations/stack/stack-registry.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "stack-registry-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const stack = (registry: string, images = "{ lockFile: images.test.lock.json }"): Promise<void> =>
  writeFile(
    join(root, "Pulumi.test.yaml"),
    `encryptionsalt: v1:abc
config:
  slipway:registry: ${registry}
  slipway:images: ${images}
  slipway:environments: { production: {} }
  slipway:alerts:
    receiver: slack
    slackUrl: { secure: AAABAsealed }
`,
  );

it("reads address, lock file and credentials file from the stack's file, with its secrets sealed", async () => {
  await stack("{ kind: local, host: 10.88.0.1:5000, prefix: team, credentialsFile: auth.json }");
  expect(await stackRegistry(root, "test")).toEqual({
    kind: "local",
    url: "http://10.88.0.1:5000/team",
    lockFile: join(root, "images.test.lock.json"),
    credentialsFile: join(root, "auth.json"),
    accounts: [],
    needed: [],
    built: [],
  });
});

it("leaves the credentials to the Docker config where the stack names none", async () => {
  await stack("{ kind: existing, host: registry.example.com }");
  expect(await stackRegistry(root, "test")).toEqual({
    kind: "existing",
    url: "https://registry.example.com",
    lockFile: join(root, "images.test.lock.json"),
    accounts: [],
    needed: ["alertmanager", "prometheus", "pushgateway", "redis", "runtime"],
    built: [],
  });
});

it("tells that the registry of a cloud pulls through, and which images its stack runs", async () => {
  const root = resolve(import.meta.dirname, "../../..");
  const { pullThrough, needed } = await stackRegistry(root, "prod");
  expect(pullThrough).toBe("ecr");
  expect(needed).toEqual([
    ...["alertmanager", "cluster-autoscaler", "dcgm-exporter"],
    ...["external-secrets", "prometheus", "pushgateway", "runtime"],
  ]);
});

it("names the image that the stack builds itself", async () => {
  const base = `registry.example.com/base@sha256:${"b".repeat(64)}`;
  await stack(
    "{ kind: existing, host: registry.example.com }",
    `{ lockFile: images.test.lock.json, build: { base: "${base}" } }`,
  );
  expect((await stackRegistry(root, "test")).built).toEqual(["runtime"]);
});

it("says what is wrong with the config, and which stack there is not", async () => {
  await stack("{ kind: nowhere }");
  await expect(stackRegistry(root, "test")).rejects.toThrow(
    /^config: Pulumi\.test\.yaml:\d+: slipway:registry\.kind: /,
  );
  await expect(stackRegistry(root, "other")).rejects.toThrow("--stack other: there is no");
});
