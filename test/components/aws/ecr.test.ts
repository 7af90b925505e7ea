import { expect, test } from "vitest";
import { AwsKey } from "../../../components/aws/key.ts";
import { EcrRegistry, type EcrRegistryArgs } from "../../../components/aws/ecr.ts";
import { find, named, record } from "../record.ts";
import { ACCOUNT, json, place } from "./aws-outputs.ts";
import { planImageSupply } from "../../../components/platform/registry/pull-through.ts";
import { upstreamLock } from "../upstream-lock.ts";
import { lock } from "../stage.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
const model = "flight-delays/pushback/model";
const build = (args: Partial<EcrRegistryArgs> = {}) =>
  record(() => {
    const key = new AwsKey("registry-key", { description: "Images", account: ACCOUNT });
    const repositories = ["flight-delays/dataset", model, "flight-delays/pushback/drift"];
    return new EcrRegistry("registry", { ...place, key, images: lock, repositories, ...args });
  });

test("each image and each kind of artifact has an encrypted repository with scanning and immutable tags", async () => {
  const { resources } = await build();
  const made = resources.filter(({ type }) => type === REPOSITORY);
  expect(made.map(({ inputs }) => inputs["name"]).sort()).toEqual(
    [
      ...Object.values(lock.images).map(({ repository }) => repository),
      "flight-delays/dataset",
      model,
      "flight-delays/pushback/drift",
    ].sort(),
  );
  for (const { inputs } of made)
    expect(inputs).toMatchObject({
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "arn:registry-key-key" }],
      imageTagMutability: expect.stringMatching(/^IMMUTABLE/) as unknown,
    });
  expect(find(resources, REPOSITORY, "registry-slipway-runtime")).toMatchObject({
    imageTagMutability: "IMMUTABLE",
    forceDelete: false,
  });
});

test("only the tags that the pipeline and promotion move are mutable", async () => {
  const { resources } = await build();
  const wildcard = (filter: string) => ({ filter, filterType: "WILDCARD" });
  expect(find(resources, REPOSITORY, "registry-flight-delays-pushback-model")).toMatchObject({
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    imageTagMutabilityExclusionFilters: [wildcard("latest"), wildcard("challenger"), wildcard("champion")],
  });
  expect(find(resources, REPOSITORY, "registry-flight-delays-pushback-drift")).toMatchObject({
    imageTagMutabilityExclusionFilters: [wildcard("latest")],
  });
  expect(find(resources, REPOSITORY, "registry-flight-delays-dataset")).toMatchObject({
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    imageTagMutabilityExclusionFilters: [wildcard("latest")],
  });
});

test("old images and drift reports expire, models and data sets never do", async () => {
  const { resources } = await build();
  const type = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
  const policies = named(resources, "registry").filter((resource) => resource.type === type);
  expect(policies).toHaveLength(Object.keys(lock.images).length + 1);
  const reports = find(resources, type, "registry-flight-delays-pushback-drift-lifecycle");
  expect(json(reports["policy"])).toMatchObject({
    rules: [{ selection: { tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 90 } }],
  });
  const images = find(resources, type, "registry-slipway-runtime-lifecycle");
  expect(json(images["policy"])).toMatchObject({
    rules: [{ selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 50 } }],
  });
});

test("an image reference has account, region, repository and digest", async () => {
  const { result } = await build();
  expect(result.image("runtime")).toBe(
    `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime@${lock.images.runtime?.digest}`,
  );
});

test("read access can pull artifacts, write access can also push them", async () => {
  const { result } = await build();
  const actions = (access: "read" | "write") => result.statements(access).flatMap(({ Action }) => Action);
  expect(actions("read")).not.toContain("ecr:PutImage");
  expect(actions("write")).toContain("ecr:PutImage");
  expect(actions("write").some((action) => action.includes("*"))).toBe(false);
  for (const { Sid, Resource } of result.statements("write"))
    if (Sid !== "LogInToRegistry")
      expect(Resource).toEqual([
        `arn:aws:ecr:eu-central-1:${ACCOUNT}:repository/flight-delays/dataset`,
        `arn:aws:ecr:eu-central-1:${ACCOUNT}:repository/${model}`,
        `arn:aws:ecr:eu-central-1:${ACCOUNT}:repository/flight-delays/pushback/drift`,
      ]);
  const none = await build({ repositories: [] });
  expect(none.result.statements("write")).toEqual([]);
});

test("pulls images of public registries through: one rule for each, and a repository with the key for each image", async () => {
  const RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule";
  const { lock: images } = planImageSupply("ecr", upstreamLock, ["docker.io"]);
  const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ecr-pullthroughcache/docker-hub";
  const { resources, result } = await build({ images, upstreamSecrets: { "docker.io": secret } });
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
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "arn:registry-key-key" }],
  });
  expect(result.image("prometheus")).toBe(
    `${result.host}/upstream/quay.io/prometheus/prometheus@${upstreamLock.images.prometheus?.digest}`,
  );
});

test("creates no rule where all images are pushed", async () => {
  const { resources } = await build();
  expect(resources.filter(({ type }) => type.includes("pullThrough"))).toEqual([]);
});
