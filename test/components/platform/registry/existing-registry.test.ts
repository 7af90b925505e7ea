import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { ExistingCluster } from "../../../../components/platform/kubernetes/existing-cluster.ts";
import { Environment } from "../../../../components/platform/environment.ts";
import { ExistingRegistry } from "../../../../components/platform/registry/existing-registry.ts";
import { find, list, named, record } from "../../record.ts";
import { lock } from "../../stage.ts";

const build = (url: string, credentials?: pulumi.Input<string>) =>
  record(() => {
    const environments = ["staging", "production"].map((name) => new Environment(name, { registryUrl: url }));
    const registry = new ExistingRegistry("registry", { url, credentials, environments, images: lock });
    return { registry, staging: environments[0] as Environment };
  });

test("each environment gets the credentials as a pull secret, which is a secret in the state", async () => {
  const { resources } = await build("http://10.88.0.1:5000", pulumi.secret('{"auths":{}}'));
  expect(list(named(resources, "registry"))).toEqual([
    "kubernetes:core/v1:Secret registry-production-credentials",
    "kubernetes:core/v1:Secret registry-staging-credentials",
    "slipway:registry:ExistingRegistry registry",
  ]);
  const secret = find(resources, "kubernetes:core/v1:Secret", "registry-staging-credentials");
  expect(secret).toMatchObject({
    type: "kubernetes.io/dockerconfigjson",
    immutable: true,
    stringData: { secret: { ".dockerconfigjson": '{"auths":{}}' } },
    metadata: { namespace: "staging" },
  });
});

test("pods that do not push get the account that may only read", async () => {
  const { resources, result } = await record(() => {
    const staging = new Environment("staging", { registryUrl: "https://r.example.com" });
    const registry = new ExistingRegistry("registry", {
      url: "https://r.example.com",
      credentials: pulumi.secret('{"auths":{"write":{}}}'),
      readCredentials: pulumi.secret('{"auths":{"read":{}}}'),
      environments: [staging],
      images: lock,
    });
    const accesses = [registry.accessFrom(staging), registry.accessFrom(staging, "write")];
    return Promise.all(
      accesses.map(
        ({ credentialsSecret }) => new Promise((resolve) => pulumi.output(credentialsSecret).apply(resolve)),
      ),
    );
  });
  expect(result).toEqual(["registry-staging-read-credentials-auto", "registry-staging-credentials-auto"]);
  expect(find(resources, "kubernetes:core/v1:Secret", "registry-staging-read-credentials")).toMatchObject({
    stringData: { secret: { ".dockerconfigjson": '{"auths":{"read":{}}}' } },
  });
});

test("without credentials there is no secret, and pods name none", async () => {
  const { resources, result } = await build("https://registry.example.com");
  expect(list(named(resources, "registry"))).toEqual(["slipway:registry:ExistingRegistry registry"]);
  expect(result.registry.accessFrom(result.staging)).toEqual({
    url: "https://registry.example.com",
    credentialsSecret: undefined,
  });
});

test("the reference of an image has host, prefix, repository and digest", async () => {
  const digest = lock.images.runtime?.digest;
  const local = (await build("http://10.88.0.1:5000")).result.registry;
  expect(local.image("runtime")).toBe(`10.88.0.1:5000/slipway/runtime@${digest}`);
  const prefixed = (await build("https://registry.example.com/team/ml")).result.registry;
  expect(prefixed.image("runtime")).toBe(`registry.example.com/team/ml/slipway/runtime@${digest}`);
});

test("an image that is not in the lock file is an error that names it", async () => {
  await expect(
    record(() =>
      new ExistingRegistry("registry", {
        url: "https://registry.example.com",
        environments: [],
        images: { schemaVersion: 1, images: {} },
      }).image("redis"),
    ),
  ).rejects.toThrow(/must name the image redis; build or mirror the images again/);
});

test("an existing cluster is only a provider with the kubeconfig and the context", async () => {
  const { resources } = await record(
    () => new ExistingCluster("cluster", { kubeconfig: "/k", context: "team" }),
  );
  expect(list(resources)).toEqual([
    "pulumi:providers:kubernetes cluster-provider",
    "slipway:cluster:ExistingCluster cluster",
  ]);
  expect(find(resources, "pulumi:providers:kubernetes", "cluster-provider")).toMatchObject({
    kubeconfig: "/k",
    context: "team",
  });
});
