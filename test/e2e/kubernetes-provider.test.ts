import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textAt } from "../../local/engine/providers/kubernetes/json-object.ts";
import { kubernetesProvider } from "../../local/engine/providers/kubernetes/kubernetes-provider.ts";
import { Secret, UNKNOWN } from "../../local/engine/values/property-value.ts";
import type { PropertyMap } from "../../local/engine/values/property-value.ts";
import { providerChanges } from "./provider-changes.ts";
import { providerFixedFields } from "./provider-fixed-fields.ts";
import {
  testCluster,
  api,
  namespace,
  provider,
  contextOf,
  check,
  create,
  diff,
  update,
  remove,
  live,
  configured,
  failureOf,
  CONFIG_MAP,
  DEPLOYMENT,
  SKIP_AWAIT,
  configMaps,
  kubeconfig,
  deployment,
} from "./provider-harness.ts";
import type { Deployed } from "./provider-harness.ts";
import { providerServerDefaults } from "./provider-server-defaults.ts";
import { providerWaits } from "./provider-waits.ts";

describe("the Kubernetes provider on a real cluster", () => {
  let home: Deployed;
  /** CoreDNS: the one image that every such cluster has. */
  let dnsImage: string;

  beforeAll(async () => {
    await provider.configure({}, false);
    const dns = await live("/apis/apps/v1/namespaces/kube-system/deployments/coredns");
    dnsImage = textAt(dns, "spec", "template", "spec", "containers", 0, "image") ?? "";
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    home = await create("kubernetes:core/v1:Namespace", "home", { metadata: { name: namespace, labels } });
  });

  afterAll(async () => {
    await remove(home);
    await expect(live(`/api/v1/namespaces/${namespace}`)).rejects.toThrow(/not found/);
    await provider.close();
    api.close();
    await testCluster.stop();
  });

  it("names an object, keeps the name over runs, and finds nothing to do the second time", async () => {
    const wanted = { metadata: { namespace }, data: { a: "1" } };
    const made = await create(CONFIG_MAP, "auto", wanted);
    expect(made.id).toMatch(new RegExp(`^${namespace}/auto-[0-9a-f]{8}$`));
    expect(made.outputs).toMatchObject({
      metadata: { uid: expect.any(String) as string },
      __fieldManager: expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/) as string,
      __initialApiVersion: "v1",
    });
    expect(await diff(made, wanted)).toMatchObject({ changes: false, replaces: [] });
    const changed = await diff(made, { ...wanted, data: { a: "2" } });
    expect(changed).toMatchObject({ changes: true, replaces: ["data.a"], deleteBeforeReplace: false });
    await remove(made);
    await expect(live(`${configMaps}/${made.id.split("/")[1] ?? ""}`)).rejects.toThrow(/not found/);
    await remove(made);
  });

  it("changes labels in place and removes the one that the program no longer has", async () => {
    const made = await create(CONFIG_MAP, "labels", {
      metadata: { name: "labels", namespace, labels: { a: "1", b: "2" } },
    });
    const wanted = { metadata: { name: "labels", namespace, labels: { a: "9" } } };
    expect((await diff(made, wanted)).detailedDiff).toEqual({
      "metadata.labels.a": { kind: "update", inputDiff: true },
      "metadata.labels.b": { kind: "delete", inputDiff: true },
    });
    const updated = await update(made, wanted);
    expect(updated.outputs["metadata"]).toMatchObject({ labels: { a: "9" } });
    expect((await live(`${configMaps}/labels`))["metadata"]).toMatchObject({ labels: { a: "9" } });
    expect((await live(`${configMaps}/labels`))["metadata"]).not.toMatchObject({ labels: { b: "2" } });
  });

  it("takes up again what it created before a crash, and refuses what somebody else created", async () => {
    const wanted = { metadata: { name: "crash", namespace }, data: { a: "1" } };
    const first = await create(CONFIG_MAP, "crash", wanted);
    const again = await create(CONFIG_MAP, "crash", wanted);
    expect(again.outputs["metadata"]).toMatchObject({
      uid: (first.outputs["metadata"] as PropertyMap)["uid"],
    });
    await expect(create(CONFIG_MAP, "another", wanted)).rejects.toThrow(
      /ConfigMap .*\/crash: resource already exists and was not created by this resource \(its fields belong to pulumi-kubernetes-/,
    );
    const annotations = { "pulumi.com/patchForce": "true" };
    const forced = { ...wanted, metadata: { name: "crash", namespace, annotations } };
    await expect(create(CONFIG_MAP, "another", forced)).rejects.toThrow(/already exists/);
    const upserting = await configured({ upsertExistingObjects: true });
    expect((await create(CONFIG_MAP, "another", forced, upserting)).id).toBe(first.id);
    await upserting.close();
  });

  it("gives a Service a name that the server takes, however long its resource's", async () => {
    const spec = { clusterIP: "None", ports: [{ port: 80 }] };
    const made = await create("kubernetes:core/v1:Service", "long".repeat(30), {
      metadata: { namespace },
      spec,
    });
    expect(made.id.split("/")[1]).toHaveLength(63);
    await remove(made);
  });

  it("keeps the data of a Secret secret", async () => {
    const made = await create("kubernetes:core/v1:Secret", "secret", {
      metadata: { name: "secret", namespace },
      stringData: { password: "hunter2" },
    });
    expect(made.outputs["data"]).toEqual(new Secret({ password: Buffer.from("hunter2").toString("base64") }));
    expect((made.outputs["__inputs"] as PropertyMap)["data"]).toBeInstanceOf(Secret);
    const open = JSON.stringify(made.outputs, (_key, value: unknown) =>
      value instanceof Secret ? 0 : value,
    );
    expect(open).not.toContain(Buffer.from("hunter2").toString("base64"));
    expect(open).not.toContain("hunter2");
  });

  it("patches some fields of an object and gives only those up", async () => {
    await create(CONFIG_MAP, "whole", { metadata: { name: "whole", namespace }, data: { a: "1" } });
    const type = "kubernetes:core/v1:ConfigMapPatch";
    const patch = await create(type, "part", {
      kind: "ConfigMap",
      metadata: { name: "whole", namespace, labels: { part: "yes" } },
    });
    expect(await live(`${configMaps}/whole`)).toMatchObject({
      metadata: { labels: { part: "yes" } },
      data: { a: "1" },
    });
    await remove(patch);
    const left = await live(`${configMaps}/whole`);
    expect(left["data"]).toEqual({ a: "1" });
    expect(left["metadata"]).not.toHaveProperty("labels");
  });

  it("creates a definition and, in the same run, its objects, and waits for what an annotation says", async () => {
    const group = `${namespace}.example`;
    const schema = { type: "object", x_kubernetes_preserve_unknown_fields: true };
    const names = { kind: "Widget", plural: "widgets", singular: "widget" };
    const versions = [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }];
    const definition = create("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "widgets", {
      metadata: { name: `widgets.${group}` },
      spec: { group, scope: "Namespaced", names, versions },
    });
    const type = `kubernetes:${group}/v1:Widget`;
    const widget = (name: string, annotations: PropertyMap): PropertyMap => ({
      apiVersion: `${group}/v1`,
      kind: "Widget",
      metadata: { name, namespace, annotations },
      spec: { size: 3 },
    });
    const made = await create(
      type,
      "one",
      widget("one", { "pulumi.com/waitFor": "jsonpath={.spec.size}=3" }),
    );
    expect(made.outputs["spec"]).toEqual({ size: 3 });
    const waits = { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": "1" };
    const failure = await failureOf(create(type, "two", widget("two", waits)));
    expect(failure.id).toBe(`${namespace}/two`);
    expect(failure.reasons[0]).toMatch(
      /Widget .*\/two: not ready after 1 s: waits for Ready=True, is absent/,
    );
    await remove(made);
    await remove(await definition);
  });

  it("previews with the server's own validation and changes nothing", async () => {
    const preview = { preview: true };
    const type = "kubernetes:core/v1:Service";
    const spec = { selector: { app: "x" }, ports: [{ port: 80 }] };
    const service = await check(type, "planned", { metadata: { name: "planned", namespace }, spec });
    const planned = await provider.create(contextOf(type, "planned"), service, preview);
    expect(planned.id).toBe("");
    expect(planned.outputs["spec"]).toMatchObject({ clusterIP: UNKNOWN, type: "ClusterIP" });
    expect(planned.outputs).not.toHaveProperty("status");
    await expect(live(`/api/v1/namespaces/${namespace}/services/planned`)).rejects.toThrow(/not found/);
    const wrong = await check(type, "wrong", {
      metadata: { name: "wrong", namespace },
      spec: { ports: [{ port: 99999999 }] },
    });
    await expect(provider.create(contextOf(type, "wrong"), wrong, preview)).rejects.toThrow(
      /Service .*\/wrong: the API server refused this Service: .*spec\.ports\[0\]\.port/,
    );
    const elsewhere = await check(CONFIG_MAP, "later", { metadata: { name: "later", namespace: "not-yet" } });
    expect((await provider.create(contextOf(CONFIG_MAP, "later"), elsewhere, preview)).outputs).toMatchObject(
      { kind: "ConfigMap" },
    );
  });

  it("says that a kind is not there and what to do", async () => {
    const impatient = kubernetesProvider({ kubeconfig, kindWaitMs: 0 });
    await impatient.configure({}, false);
    const inputs = { apiVersion: "nowhere.example/v1", kind: "Ghost", metadata: { name: "a", namespace } };
    const context = contextOf("kubernetes:nowhere.example/v1:Ghost", "ghost");
    await expect(impatient.create(context, inputs, { preview: false })).rejects.toThrow(
      /the cluster serves no kind Ghost in nowhere\.example\/v1; create its CustomResourceDefinition first/,
    );
    await impatient.close();
  });

  it("replaces a Deployment whose selector changes, deleting first what has a fixed name", async () => {
    const metadata = { name: "fixed", namespace, annotations: SKIP_AWAIT };
    const made = await create(DEPLOYMENT, "fixed", { ...deployment("fixed", { image: "x" }), metadata });
    const result = await diff(made, { ...deployment("other", { image: "x" }), metadata });
    expect(result.replaces).toEqual(["spec.selector.matchLabels.app"]);
    expect(result.deleteBeforeReplace).toBe(true);
  });

  providerChanges();
  providerFixedFields();
  providerServerDefaults();
  providerWaits(() => dnsImage);
});
