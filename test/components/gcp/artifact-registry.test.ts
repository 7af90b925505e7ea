import { expect, test } from "vitest";
import { Environment } from "../../../components/platform/environment.ts";
import { GcpKey } from "../../../components/gcp/key.ts";
import { ArtifactRegistry, type ArtifactRegistryArgs } from "../../../components/gcp/artifact-registry.ts";
import { find, list, record } from "../record.ts";
import { planImageSupply } from "../../../components/platform/registry/pull-through.ts";
import { upstreamLock } from "../upstream-lock.ts";
import { lock } from "../stage.ts";

const host = "europe-west4-docker.pkg.dev";

const build = (args: Partial<ArtifactRegistryArgs> = {}) =>
  record(() => {
    const project = "acme-ml";
    const key = new GcpKey("key", { project, region: "europe-west4", users: {} });
    return new ArtifactRegistry("registry", {
      url: `https://${host}/acme-ml`,
      project,
      key,
      images: lock,
      repositories: ["flight-delays/pushback/model", "flight-delays/pushback/drift"],
      ...args,
    });
  });
const REPOSITORY = "gcp:artifactregistry/repository:Repository";

test("tags of images are immutable, those of models are not; both are scanned and encrypted", async () => {
  const { resources } = await build();
  expect(list(resources.filter(({ type }) => type === REPOSITORY))).toEqual([
    `${REPOSITORY} registry-flight-delays`,
    `${REPOSITORY} registry-slipway`,
  ]);
  const common = {
    project: "acme-ml",
    location: "europe-west4",
    format: "DOCKER",
    kmsKeyName: "key-key-id",
    vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
    cleanupPolicyDryRun: false,
  };
  expect(find(resources, REPOSITORY, "registry-slipway")).toMatchObject({
    ...common,
    repositoryId: "slipway",
    dockerConfig: { immutableTags: true },
  });
  expect(find(resources, REPOSITORY, "registry-flight-delays")).toMatchObject({
    ...common,
    repositoryId: "flight-delays",
    dockerConfig: { immutableTags: false },
  });
});

test("old untagged images are deleted, except the latest 20", async () => {
  const { resources } = await build({ untaggedImageDays: 30 });
  expect(find(resources, REPOSITORY, "registry-slipway")["cleanupPolicies"]).toEqual([
    { id: "keep-latest", action: "KEEP", mostRecentVersions: { keepCount: 20 } },
    { id: "delete-untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: "2592000s" } },
  ]);
});

test("drift reports are the only artifacts that are deleted by age", async () => {
  const { resources } = await build();
  expect(find(resources, REPOSITORY, "registry-flight-delays")["cleanupPolicies"]).toEqual([
    {
      id: "delete-drift-reports",
      action: "DELETE",
      condition: { tagState: "ANY", olderThan: "7776000s", packageNamePrefixes: ["pushback/drift"] },
    },
  ]);
});

test("a path in the URL puts everything into one repository, where only drift reports are deleted", async () => {
  const { resources, result } = await build({ url: `https://${host}/acme-ml/team` });
  expect(list(resources.filter(({ type }) => type === REPOSITORY))).toEqual([`${REPOSITORY} registry-team`]);
  expect(find(resources, REPOSITORY, "registry-team")).toMatchObject({
    dockerConfig: { immutableTags: false },
    cleanupPolicies: [{ id: "delete-drift-reports" }],
  });
  expect(result.image("redis")).toBe(`${host}/acme-ml/team/slipway/redis@${lock.images.redis?.digest}`);
});

test("pods get the URL and no credentials", async () => {
  const { result } = await record(() => {
    const key = new GcpKey("key", { project: "acme-ml", region: "europe-west4", users: {} });
    const url = `https://${host}/acme-ml`;
    const registry = new ArtifactRegistry("registry", {
      url,
      project: "acme-ml",
      key,
      images: lock,
      repositories: [],
    });
    return registry.accessFrom(new Environment("staging", { registryUrl: url }));
  });
  expect(result).toEqual({ url: `https://${host}/acme-ml` });
});

test.each([
  [{ driftReportDays: 0 }, "registry: driftReportDays must be at least 1, got 0"],
  [{ untaggedImageDays: 0 }, "registry: untaggedImageDays must be at least 1, got 0"],
  [{ url: "https://registry.example.com" }, "registry: url must be https://LOCATION-docker.pkg.dev/PROJECT"],
])("refuses %j", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("each public registry has an encrypted remote repository, which nodes may read", async () => {
  const { lock: images } = planImageSupply("artifact-registry", upstreamLock);
  const { resources, result } = await record(() => {
    const project = "acme-ml";
    const key = new GcpKey("key", { project, region: "europe-west4", users: {} });
    const url = `https://${host}/acme-ml`;
    const registry = new ArtifactRegistry("registry", { url, project, key, images, repositories: [] });
    registry.allowPull("nodes", "serviceAccount:nodes", "images");
    registry.allowPull("pods", "serviceAccount:pods", "all");
    registry.allowPush("jobs", "serviceAccount:jobs");
    return registry;
  });
  expect(find(resources, REPOSITORY, "registry-upstream-quay-io")).toMatchObject({
    repositoryId: "upstream-quay-io",
    mode: "REMOTE_REPOSITORY",
    kmsKeyName: "key-key-id",
    remoteRepositoryConfig: { commonRepository: { uri: "https://quay.io" } },
    cleanupPolicies: [],
  });
  expect(find(resources, REPOSITORY, "registry-upstream-quay-io")).not.toHaveProperty("dockerConfig");
  expect(find(resources, REPOSITORY, "registry-upstream-docker-io")).toMatchObject({
    remoteRepositoryConfig: { commonRepository: { uri: "https://registry-1.docker.io" } },
  });
  expect(find(resources, REPOSITORY, "registry-slipway")).toMatchObject({ mode: "STANDARD_REPOSITORY" });
  find(
    resources,
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
    "nodes-upstream-quay-io-reader",
  );
  expect(resources.filter(({ name }) => /^(pods|jobs)-upstream/.test(name))).toEqual([]);
  expect(result.image("prometheus")).toBe(
    `${host}/acme-ml/upstream-quay-io/prometheus/prometheus@${upstreamLock.images.prometheus?.digest}`,
  );
});

test("a path in the URL leaves no room for remote repositories", async () => {
  const { lock: images } = planImageSupply("artifact-registry", upstreamLock);
  await expect(build({ url: `https://${host}/acme-ml/team`, images })).rejects.toThrow(
    "registry: url must end with the project if images are pulled through",
  );
});
