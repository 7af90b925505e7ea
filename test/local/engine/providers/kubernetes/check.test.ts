import { describe, expect, it } from "vitest";
import { checkInputs } from "../../../../../local/engine/providers/kubernetes/check.ts";
import { Discovery } from "../../../../../local/engine/providers/kubernetes/discovery.ts";
import { parseProviderConfig } from "../../../../../local/engine/providers/kubernetes/provider-config.ts";
import type { Session } from "../../../../../local/engine/providers/kubernetes/session.ts";
import { Secret, UNKNOWN } from "../../../../../local/engine/values/property-value.ts";
import type { Autonaming, ProviderContext } from "../../../../../local/engine/provider.ts";
import type { PropertyMap } from "../../../../../local/engine/values/property-value.ts";

const session: Session = {
  config: parseProviderConfig({}).config,
  namespace: "team",
  discovery: new Discovery(undefined),
  connection: undefined,
  unreachable: undefined,
  awaitAll: false,
  kindWaitMs: 0,
  takeBack: false,
};

function check(
  type: string,
  news: PropertyMap,
  olds?: PropertyMap,
  autonaming?: Autonaming,
): ReturnType<typeof checkInputs> {
  const context: ProviderContext = {
    urn: `urn:pulumi:dev::test::${type}::web`,
    type,
    name: "web",
    signal: new AbortController().signal,
    status: () => undefined,
    log: () => undefined,
  };
  return checkInputs(session, context, olds, news, { randomSeed: Buffer.from("seed"), autonaming });
}

describe("check", () => {
  it("fills in what the type says, a name and the provider's namespace", async () => {
    const { inputs, failures } = await check("kubernetes:core/v1:ConfigMap", {
      data: { a: "b", gone: null },
    });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      apiVersion: "v1",
      kind: "ConfigMap",
      data: { a: "b" },
      metadata: { namespace: "team" },
    });
    expect(inputs["data"]).not.toHaveProperty("gone");
  });

  it("keeps a given namespace and gives none to a kind that has none", async () => {
    const metadata = { name: "x", namespace: "mine" };
    expect((await check("kubernetes:core/v1:Secret", { metadata })).inputs["metadata"]).toEqual(metadata);
    expect((await check("kubernetes:core/v1:Namespace", { metadata })).inputs["metadata"]).toEqual({
      name: "x",
    });
  });

  it("knows the scope of a kind whose definition the same program makes", async () => {
    const spec = { group: "acme.example", scope: "Cluster", names: { kind: "Wide" } };
    await check("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", {
      metadata: { name: "wides" },
      spec,
    });
    const { inputs } = await check("kubernetes:acme.example/v1:Wide", {
      apiVersion: "acme.example/v1",
      kind: "Wide",
      metadata: { name: "x" },
    });
    expect(inputs["metadata"]).toEqual({ name: "x" });
  });

  it("spells the dashed keys of a definition's schema as Kubernetes does", async () => {
    const { inputs } = await check("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", {
      metadata: { name: "a" },
      spec: { list: [{ x_kubernetes_int_or_string: true }] },
    });
    expect(inputs["spec"]).toEqual({ list: [{ "x-kubernetes-int-or-string": true }] });
  });

  it("drops metadata that only the server writes", async () => {
    const metadata = { name: "x", uid: "u", resourceVersion: "1", creationTimestamp: "now" };
    expect((await check("kubernetes:core/v1:Secret", { metadata })).inputs["metadata"]).toEqual({
      name: "x",
      namespace: "team",
    });
  });

  it("leaves null items out of lists", async () => {
    const env = [null, { name: "A", value: "1" }, null];
    const spec = { template: { spec: { containers: [{ name: "app", env }] } } };
    const { inputs } = await check("kubernetes:apps/v1:Deployment", { spec });
    expect(inputs["spec"]).toEqual({
      template: { spec: { containers: [{ name: "app", env: [{ name: "A", value: "1" }] }] } },
    });
  });

  it("keeps the text of a Secret as its data, and secret", async () => {
    const news = { stringData: { a: "hunter2" }, data: { b: "eA==\n", a: "b2xk" } };
    const { inputs } = await check("kubernetes:core/v1:Secret", news);
    expect(inputs).not.toHaveProperty("stringData");
    expect(inputs["data"]).toEqual(new Secret({ a: "aHVudGVyMg==", b: "eA==" }));
  });

  it("asks for a name where autonaming is disabled", async () => {
    const { failures } = await check("kubernetes:core/v1:ConfigMap", {}, undefined, { mode: "disable" });
    expect(failures).toEqual([
      { property: "metadata.name", reason: expect.stringMatching(/autonaming is disabled/) as string },
    ]);
  });

  it("lets unknown values through", async () => {
    const { inputs, failures } = await check("kubernetes:core/v1:Secret", {
      metadata: { name: UNKNOWN, namespace: UNKNOWN },
      data: UNKNOWN,
    });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      metadata: { name: UNKNOWN, namespace: UNKNOWN },
      data: new Secret(UNKNOWN),
    });
  });

  it.each<[string, PropertyMap, string, RegExp]>([
    [
      "kubernetes:apps/v1:Deployment",
      { kind: "DaemonSet" },
      "kind",
      /must be Deployment for this resource, got "DaemonSet"/,
    ],
    ["kubernetes:apps/v1:Deployment", { apiVersion: "apps/v2" }, "apiVersion", /must be apps\/v1/],
    ["kubernetes:core/v1:Secret", { metadata: "x" }, "metadata", /must be an object/],
    ["kubernetes:core/v1:Secret", { metadata: { name: 5 } }, "metadata.name", /must be text, got 5/],
    [
      "kubernetes:core/v1:Secret",
      { metadata: { generateName: "x-" } },
      "metadata.generateName",
      /not supported/,
    ],
    [
      "kubernetes:core/v1:Secret",
      { metadata: { labels: { a: 1 } } },
      'metadata.labels["a"]',
      /must be text, got 1/,
    ],
    [
      "kubernetes:core/v1:SecretPatch",
      { kind: "Secret" },
      "metadata.name",
      /must be set on a Patch resource/,
    ],
  ])("%s refuses %j", async (type, news, property, reason) => {
    const { failures } = await check(type, news);
    expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) as string }]);
  });
});
