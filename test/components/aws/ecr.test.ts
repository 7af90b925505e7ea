import { expect, test } from "vitest";
import { Environment } from "../../../components/platform/environment.ts";
import { EcrRegistry, type EcrRegistryArgs } from "../../../components/aws/ecr.ts";
import { find, list, named, record } from "../record.ts";
import { ACCOUNT, json, place } from "./aws-outputs.ts";
import { lock } from "../stage.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
const keyArn = "arn:registry-key";
const model = "flight-delays/pushback/model";
const build = (args: Partial<EcrRegistryArgs> = {}) =>
  record(() => {
    const repositories = ["flight-delays/dataset", model, "flight-delays/pushback/drift"];
    return new EcrRegistry("registry", { ...place, keyArn, images: lock, repositories, ...args });
  });

test("each kind of artifact has an encrypted repository with scanning and immutable tags, and images have none here", async () => {
  const { resources } = await build();
  const made = resources.filter(({ type }) => type === REPOSITORY);
  expect(made.map(({ inputs }) => inputs["name"]).sort()).toEqual([
    "flight-delays/dataset",
    "flight-delays/pushback/drift",
    model,
  ]);
  for (const { inputs } of made)
    expect(inputs).toMatchObject({
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keyArn }],
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      forceDelete: false,
    });
});

test("without protect, a repository is deleted with its content", async () => {
  const { resources } = await build({ protect: false });
  expect(find(resources, REPOSITORY, "registry-flight-delays-dataset")).toMatchObject({ forceDelete: true });
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

test("drift reports expire, models and data sets never do", async () => {
  const { resources } = await build();
  const type = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
  expect(list(named(resources, "registry").filter((resource) => resource.type === type))).toEqual([
    `${type} registry-flight-delays-pushback-drift-lifecycle`,
  ]);
  const reports = find(resources, type, "registry-flight-delays-pushback-drift-lifecycle");
  expect(json(reports["policy"])).toMatchObject({
    rules: [{ selection: { tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 90 } }],
  });
  await expect(build({ driftReportDays: 0 })).rejects.toThrow(
    "registry: driftReportDays must be at least 1, got 0",
  );
});

test("an image reference has account, region, repository and digest", async () => {
  const { result } = await build();
  expect(result.image("runtime")).toBe(
    `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime@${lock.images.runtime?.digest}`,
  );
});

test("pods get the URL and no credentials", async () => {
  const url = `https://${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com`;
  const { result } = await record(() => {
    const registry = new EcrRegistry("registry", { ...place, keyArn, images: lock, repositories: [] });
    return registry.accessFrom(new Environment("staging", { registryUrl: url }));
  });
  expect(result).toEqual({ url });
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
