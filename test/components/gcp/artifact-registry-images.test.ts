import { expect, test } from "vitest";
import {
  ArtifactRegistryImages,
  type ArtifactRegistryImagesArgs,
} from "../../../components/gcp/artifact-registry-images.ts";
import { find, list, record } from "../record.ts";
import { planImageSupply } from "../../../components/platform/registry/pull-through.ts";
import { upstreamLock } from "../upstream-lock.ts";
import { lock } from "../stage.ts";

const REPOSITORY = "gcp:artifactregistry/repository:Repository";
const GRANT = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";
const build = (args: Partial<ArtifactRegistryImagesArgs> = {}) =>
  record(
    () =>
      new ArtifactRegistryImages("registry", {
        url: "https://europe-west4-docker.pkg.dev/acme-ml",
        project: "acme-ml",
        keyName: "projects/acme-ml/cryptoKeys/registry",
        images: lock,
        nodeMember: "serviceAccount:nodes",
        ...args,
      }),
  );

test("all images are in one repository, encrypted, scanned, with tags that never move", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    `${REPOSITORY} registry-slipway`,
    `${GRANT} cluster-nodes-slipway-reader`,
    "slipway:registry:ArtifactRegistryImages registry",
  ]);
  expect(find(resources, REPOSITORY, "registry-slipway")).toEqual({
    project: "acme-ml",
    location: "europe-west4",
    repositoryId: "slipway",
    format: "DOCKER",
    mode: "STANDARD_REPOSITORY",
    description: "Images, by digest",
    kmsKeyName: "projects/acme-ml/cryptoKeys/registry",
    dockerConfig: { immutableTags: true },
    vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
    cleanupPolicyDryRun: false,
    cleanupPolicies: [
      { id: "keep-latest", action: "KEEP", mostRecentVersions: { keepCount: 20 } },
      { id: "delete-untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: "7776000s" } },
    ],
  });
});

test("nodes may only read the images", async () => {
  const { resources } = await build();
  expect(find(resources, GRANT, "cluster-nodes-slipway-reader")).toEqual({
    project: "acme-ml",
    location: "europe-west4",
    repository: "slipway",
    role: "roles/artifactregistry.reader",
    member: "serviceAccount:nodes",
  });
});

test("untagged images are deleted after the given days", async () => {
  const { resources } = await build({ untaggedImageDays: 30 });
  expect(find(resources, REPOSITORY, "registry-slipway")["cleanupPolicies"]).toContainEqual({
    id: "delete-untagged",
    action: "DELETE",
    condition: { tagState: "UNTAGGED", olderThan: "2592000s" },
  });
});

test("a path in the URL is the repository", async () => {
  const { resources } = await build({ url: "https://europe-west4-docker.pkg.dev/acme-ml/team" });
  expect(find(resources, REPOSITORY, "registry-team")).toMatchObject({ repositoryId: "team" });
});

test.each([
  [{ untaggedImageDays: 0 }, "registry: untaggedImageDays must be at least 1, got 0"],
  [{ url: "https://registry.example.com" }, "registry: url must be https://LOCATION-docker.pkg.dev/PROJECT"],
])("refuses %j", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("each public registry has an encrypted remote repository, which nodes may read", async () => {
  const { lock: images } = planImageSupply("artifact-registry", upstreamLock);
  const { resources } = await build({ images });
  expect(find(resources, REPOSITORY, "registry-upstream-quay-io")).toMatchObject({
    repositoryId: "upstream-quay-io",
    mode: "REMOTE_REPOSITORY",
    kmsKeyName: "projects/acme-ml/cryptoKeys/registry",
    remoteRepositoryConfig: { commonRepository: { uri: "https://quay.io" } },
    cleanupPolicies: [],
  });
  expect(find(resources, REPOSITORY, "registry-upstream-quay-io")).not.toHaveProperty("dockerConfig");
  expect(find(resources, REPOSITORY, "registry-upstream-docker-io")).toMatchObject({
    remoteRepositoryConfig: { commonRepository: { uri: "https://registry-1.docker.io" } },
  });
  expect(find(resources, REPOSITORY, "registry-slipway")).toMatchObject({ mode: "STANDARD_REPOSITORY" });
  expect(find(resources, GRANT, "cluster-nodes-upstream-quay-io-reader")).toMatchObject({
    member: "serviceAccount:nodes",
  });
});

test("a path in the URL leaves no room for remote repositories", async () => {
  const { lock: images } = planImageSupply("artifact-registry", upstreamLock);
  const url = "https://europe-west4-docker.pkg.dev/acme-ml/team";
  await expect(build({ url, images })).rejects.toThrow(
    "registry: url must end with the project if images are pulled through",
  );
});
