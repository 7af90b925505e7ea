import { expect, test } from "vitest";
import { EcrImages, type EcrImagesArgs } from "../../../components/aws/ecr-images.ts";
import { find, list, record } from "../record.ts";
import { json } from "./aws-outputs.ts";
import { planImageSupply } from "../../../components/platform/registry/pull-through.ts";
import { upstreamLock } from "../upstream-lock.ts";
import { lock } from "../stage.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const build = (args: Partial<EcrImagesArgs> = {}) =>
  record(() => new EcrImages("registry", { keyArn: "arn:key", images: lock, ...args }));

test("each image has a repository and a policy that deletes old content", async () => {
  const { resources } = await build();
  const names = Object.values(lock.images).map(({ repository }) => repository.replaceAll("/", "-"));
  expect(list(resources)).toEqual(
    [
      ...names.map((name) => `${LIFECYCLE} registry-${name}-lifecycle`),
      ...names.map((name) => `${REPOSITORY} registry-${name}`),
      "slipway:registry:EcrImages registry",
    ].sort(),
  );
});

test("images that share a repository create it once", async () => {
  const { runtime } = lock.images;
  const { resources } = await build({
    images: { schemaVersion: 1, images: { runtime: runtime!, redis: runtime! } },
  });
  expect(list(resources.filter(({ type }) => type === REPOSITORY))).toEqual([
    `${REPOSITORY} registry-slipway-runtime`,
  ]);
});

test("a repository is encrypted, scanned, and has tags that never move", async () => {
  const { resources } = await build();
  expect(find(resources, REPOSITORY, "registry-slipway-runtime")).toEqual({
    name: "slipway/runtime",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "arn:key" }],
    imageTagMutability: "IMMUTABLE",
    forceDelete: false,
  });
  const open = await build({ protect: false });
  expect(find(open.resources, REPOSITORY, "registry-slipway-runtime")).toMatchObject({ forceDelete: true });
});

test("the 50 newest untagged images are kept", async () => {
  const { resources } = await build();
  const { repository, policy } = find(resources, LIFECYCLE, "registry-slipway-runtime-lifecycle");
  expect(repository).toBe("slipway/runtime");
  expect(json(policy)).toMatchObject({
    rules: [{ selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 50 } }],
  });
});

test("pulls images of public registries through: one rule for each, and a repository with the key for each image", async () => {
  const RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule";
  const { lock: images } = planImageSupply("ecr", upstreamLock, ["docker.io"]);
  const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ecr-pullthroughcache/docker-hub";
  const { resources } = await build({ images, upstreamSecrets: { "docker.io": secret } });
  expect(resources.filter(({ type }) => type === RULE).map(({ inputs }) => inputs)).toEqual([
    {
      ecrRepositoryPrefix: "upstream/docker.io",
      upstreamRegistryUrl: "registry-1.docker.io",
      credentialArn: secret,
    },
    { ecrRepositoryPrefix: "upstream/quay.io", upstreamRegistryUrl: "quay.io" },
  ]);
  expect(find(resources, REPOSITORY, "registry-upstream-quay.io-prometheus-prometheus")).toMatchObject({
    name: "upstream/quay.io/prometheus/prometheus",
    imageTagMutability: "IMMUTABLE",
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "arn:key" }],
  });
});

test("creates no rule where all images are pushed", async () => {
  const { resources } = await build();
  expect(resources.filter(({ type }) => type.includes("pullThrough"))).toEqual([]);
});
