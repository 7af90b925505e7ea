import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { Environment } from "../../../components/platform/environment.ts";
import { ArtifactRegistry, type ArtifactRegistryArgs } from "../../../components/gcp/artifact-registry.ts";
import { dependenciesOf, find, list, record, valueOf } from "../record.ts";
import { lock } from "../stage.ts";

const host = "europe-west4-docker.pkg.dev";
const REPOSITORY = "gcp:artifactregistry/repository:Repository";
const GRANT = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";

const create = (args: Partial<ArtifactRegistryArgs> = {}) =>
  new ArtifactRegistry("registry", {
    url: `https://${host}/acme-ml`,
    project: "acme-ml",
    keyName: "projects/acme-ml/cryptoKeys/registry",
    images: lock,
    repositories: ["flight-delays/pushback/model", "flight-delays/pushback/drift"],
    ...args,
  });
const build = (args: Partial<ArtifactRegistryArgs> = {}) => record(() => create(args));

test("a workload has an encrypted, scanned repository whose tags can move, and images have none here", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    `${REPOSITORY} registry-flight-delays`,
    "slipway:registry:ArtifactRegistry registry",
  ]);
  expect(find(resources, REPOSITORY, "registry-flight-delays")).toMatchObject({
    project: "acme-ml",
    location: "europe-west4",
    repositoryId: "flight-delays",
    format: "DOCKER",
    kmsKeyName: "projects/acme-ml/cryptoKeys/registry",
    dockerConfig: { immutableTags: false },
    vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
    cleanupPolicyDryRun: false,
  });
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
  const models = await build({ repositories: ["flight-delays/pushback/model"] });
  expect(find(models.resources, REPOSITORY, "registry-flight-delays")["cleanupPolicies"]).toEqual([]);
});

test.each([
  ["read", "reader"],
  ["write", "writer"],
] as const)("%s access makes a member a %s of artifacts, but not of images", async (access, role) => {
  const { resources } = await record(() => create().allow("training", access, "serviceAccount:training"));
  expect(list(resources.filter(({ type }) => type === GRANT))).toEqual([
    `${GRANT} training-flight-delays-${role}`,
  ]);
  expect(find(resources, GRANT, `training-flight-delays-${role}`)).toEqual({
    project: "acme-ml",
    location: "europe-west4",
    repository: "flight-delays",
    role: `roles/artifactregistry.${role}`,
    member: "serviceAccount:training",
  });
});

test("services outside of the cluster can read images and artifacts", async () => {
  const { result } = await record(() => create().readable());
  const location = "europe-west4";
  expect(result).toMatchObject([
    { location, name: "flight-delays" },
    { location, name: "slipway" },
  ]);
  const [artifacts, images] = result;
  expect(await valueOf(pulumi.output(artifacts?.id))).toBe("flight-delays");
  expect(await dependenciesOf(pulumi.output(artifacts?.id))).toEqual([
    `${REPOSITORY} registry-flight-delays`,
  ]);
  expect(images).not.toHaveProperty("id"); // another stack has created the repository
});

test("an image reference has the host, the project, the repository and the digest", async () => {
  const { result } = await build();
  expect(result.image("redis")).toBe(`${host}/acme-ml/slipway/redis@${lock.images.redis?.digest}`);
});

test("pods get the URL and no credentials", async () => {
  const url = `https://${host}/acme-ml`;
  const { result } = await record(() =>
    create({ repositories: [] }).accessFrom(new Environment("staging", { registryUrl: url })),
  );
  expect(result).toEqual({ url });
});

const shared = (id: string): string =>
  `registry: repositories must not be in the repository of images, whose tags cannot move, got ${id} for both; rename the workload, or remove the path from url`;
test.each([
  [{ driftReportDays: 0 }, "registry: driftReportDays must be at least 1, got 0"],
  [{ url: "https://registry.example.com" }, "registry: url must be https://LOCATION-docker.pkg.dev/PROJECT"],
  [{ repositories: ["slipway/pushback/model"] }, shared("slipway")],
  [{ url: `https://${host}/acme-ml/team` }, shared("team")],
])("refuses %j", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
