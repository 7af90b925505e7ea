import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../../local/engine/providers/kubernetes/api-client.ts";
import { textAt } from "../../local/engine/providers/kubernetes/json-object.ts";
import type { JsonObject } from "../../local/engine/providers/kubernetes/json-object.ts";
import { loadKubeconfig } from "../../local/engine/providers/kubernetes/kubeconfig.ts";
import { kubernetesProvider } from "../../local/engine/providers/kubernetes/kubernetes-provider.ts";
import { PartialFailure } from "../../local/engine/provider.ts";
import { Secret, UNKNOWN } from "../../local/engine/values/property-value.ts";
import type { Provider, ProviderContext } from "../../local/engine/provider.ts";
import type { PropertyMap } from "../../local/engine/values/property-value.ts";
import { startTestCluster } from "./local-cluster.ts";

/** A deployed resource, as the engine would keep it. */
interface Deployed {
  type: string;
  name: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

const testCluster = await startTestCluster();
const { kubeconfig } = testCluster.cluster;
const api = new ApiClient(loadKubeconfig({ kubeconfig }), {});

const namespace = `provider-test-${randomBytes(3).toString("hex")}`;
const provider: Provider = kubernetesProvider({ kubeconfig });
const said: string[] = [];

function contextOf(type: string, name: string): ProviderContext {
  const urn = `urn:pulumi:test::${namespace}::${type}::${name}`;
  const log = (_severity: string, message: string): unknown => said.push(message);
  return { urn, type, name, signal: new AbortController().signal, status: (text) => said.push(text), log };
}

async function check(
  type: string,
  name: string,
  news: PropertyMap,
  olds?: PropertyMap,
): Promise<PropertyMap> {
  const options = { randomSeed: Buffer.from(namespace), preview: false };
  const { inputs, failures } = await provider.check(contextOf(type, name), olds, news, options);
  expect(failures).toEqual([]);
  return inputs;
}

async function create(type: string, name: string, news: PropertyMap): Promise<Deployed> {
  const inputs = await check(type, name, news);
  const { id, outputs } = await provider.create(contextOf(type, name), inputs, { preview: false });
  return { type, name, id, inputs, outputs };
}

async function diff(
  old: Deployed,
  news: PropertyMap,
  ignoreChanges: string[] = [],
): ReturnType<Provider["diff"]> {
  const inputs = await check(old.type, old.name, news, old.inputs);
  const options = { ignoreChanges, preview: false };
  return provider.diff(contextOf(old.type, old.name), old.id, old.inputs, old.outputs, inputs, options);
}

async function update(old: Deployed, news: PropertyMap, ignoreChanges: string[] = []): Promise<Deployed> {
  const inputs = await check(old.type, old.name, news, old.inputs);
  const options = { ignoreChanges, preview: false };
  const context = contextOf(old.type, old.name);
  const { outputs } = await provider.update(context, old.id, old.inputs, old.outputs, inputs, options);
  return { ...old, inputs, outputs };
}

function remove(old: Deployed): Promise<void> {
  return provider.delete(contextOf(old.type, old.name), old.id, old.inputs, old.outputs);
}

async function live(path: string): Promise<JsonObject> {
  return (await api.request("GET", path)).body;
}

/** Applies as somebody else would. */
async function applyAs(manager: string, path: string, body: JsonObject): Promise<void> {
  const query = { fieldManager: manager, force: true };
  await api.request("PATCH", path, {
    query,
    body,
    contentType: "application/apply-patch+yaml",
  });
}

async function failureOf(promise: Promise<unknown>): Promise<PartialFailure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PartialFailure);
  return error as PartialFailure;
}

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;

/** What the namespace's Pod Security asks of every pod. */
const restricted = { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } };
const confined = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

function deployment(
  name: string,
  container: PropertyMap,
  podSpec: PropertyMap = {},
  seconds = 8,
): PropertyMap {
  const labels = { app: name };
  const containers = [{ name: "app", securityContext: confined, ...container }];
  return {
    metadata: { name, namespace, annotations: { "pulumi.com/timeoutSeconds": String(seconds) } },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { securityContext: restricted, containers, ...podSpec } },
    },
  };
}

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
    const forced = await create(CONFIG_MAP, "another", {
      ...wanted,
      metadata: { name: "crash", namespace, annotations },
    });
    expect(forced.id).toBe(first.id);
  });

  it("names the other manager, the field and the fix in a conflict, and leaves an ignored field to it", async () => {
    const wanted = (data: PropertyMap, label = "1"): PropertyMap => ({
      metadata: { name: "shared", namespace, labels: { label } },
      data,
    });
    const made = await create(CONFIG_MAP, "shared", wanted({ mine: "1", theirs: "1" }));
    await applyAs("scaler", `${configMaps}/shared`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "shared" },
      data: { theirs: "scaled" },
    });
    await expect(update(made, wanted({ mine: "1", theirs: "2" }))).rejects.toThrow(
      /data\.theirs \(conflict with "scaler"\); leave the field to them with ignoreChanges: \["data\.theirs"\], or take it over/,
    );
    await update(made, wanted({ mine: "1", theirs: "1" }, "2"), ["data.theirs"]);
    expect(await live(`${configMaps}/shared`)).toMatchObject({
      metadata: { labels: { label: "2" } },
      data: { mine: "1", theirs: "scaled" },
    });
  });

  it("asks the server what is immutable beyond what it knows itself", async () => {
    const made = await create(CONFIG_MAP, "frozen", {
      metadata: { name: "frozen", namespace },
      immutable: true,
      data: { a: "1" },
    });
    const thawed = await diff(made, {
      metadata: { name: "frozen", namespace },
      immutable: false,
      data: { a: "1" },
    });
    expect(thawed).toMatchObject({ changes: true, replaces: ["immutable"], deleteBeforeReplace: true });
  });

  it("keeps the data of a Secret secret", async () => {
    const made = await create("kubernetes:core/v1:Secret", "secret", {
      metadata: { name: "secret", namespace },
      stringData: { password: "hunter2" },
    });
    expect(made.outputs["data"]).toEqual(new Secret({ password: Buffer.from("hunter2").toString("base64") }));
    expect(JSON.stringify({ ...made.outputs, data: 0, __inputs: 0 })).not.toContain("hunter2");
  });

  it("reads drift back", async () => {
    const made = await create(CONFIG_MAP, "drift", {
      metadata: { name: "drift", namespace },
      data: { a: "1" },
    });
    await applyAs("someone", `${configMaps}/drift`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "drift" },
      data: { a: "drifted", extra: "x" },
    });
    const read = await provider.read(contextOf(CONFIG_MAP, "drift"), made.id, made.inputs, made.outputs);
    expect(read?.inputs["data"]).toEqual({ a: "drifted" });
    const absent = await provider.read(
      contextOf(CONFIG_MAP, "drift"),
      `${namespace}/nowhere`,
      made.inputs,
      made.outputs,
    );
    expect(absent).toBeUndefined();
    const imported = await provider.read(contextOf(CONFIG_MAP, "import"), made.id, undefined, undefined);
    expect(imported?.inputs).toMatchObject({
      apiVersion: "v1",
      kind: "ConfigMap",
      data: { a: "drifted", extra: "x" },
    });
    expect(imported?.inputs["metadata"]).not.toHaveProperty("uid");
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

  it("says which container cannot get its image, keeps the state, and deletes what it left", async () => {
    const failure = await failureOf(
      create(DEPLOYMENT, "no-image", deployment("no-image", { image: "127.0.0.1:1/none:v0" })),
    );
    expect(failure.id).toBe(`${namespace}/no-image`);
    expect(failure.outputs).toMatchObject({
      kind: "Deployment",
      metadata: { uid: expect.any(String) as string },
    });
    expect(failure.reasons[0]).toMatch(/Deployment .*\/no-image: not ready after 8 s: 0 of 1 pods available/);
    expect(failure.reasons.join("\n")).toMatch(
      /pod no-image-\S+: container app: (ErrImagePull|ImagePullBackOff): .*127\.0\.0\.1:1\/none/,
    );
    expect(said.join("\n")).toMatch(/0 of 1 pods available; pod no-image-/);
    await remove({
      type: DEPLOYMENT,
      name: "no-image",
      id: failure.id,
      inputs: {},
      outputs: failure.outputs,
    });
  });

  it("says what Pod Security objects to", async () => {
    const loose = deployment("loose", { image: "x" }, { hostNetwork: true }, 3);
    const failure = await failureOf(create(DEPLOYMENT, "loose", loose));
    expect(failure.reasons.join("\n")).toMatch(/violates PodSecurity "restricted:latest": host namespaces/);
  });

  it("says what no node can give", async () => {
    const nowhere = deployment("nowhere", { image: "x" }, { nodeSelector: { no: "node" } }, 4);
    const failure = await failureOf(create(DEPLOYMENT, "nowhere", nowhere));
    expect(failure.reasons.join("\n")).toMatch(/pod nowhere-\S+: Unschedulable: 0\/\d+ nodes are available/);
  });

  it("says what exceeds the quota", async () => {
    const quota = await create("kubernetes:core/v1:ResourceQuota", "quota", {
      metadata: { name: "quota", namespace },
      spec: { hard: { "requests.cpu": "100m" } },
    });
    const resources = { requests: { cpu: "2" } };
    const failure = await failureOf(
      create(DEPLOYMENT, "greedy", deployment("greedy", { image: "x", resources }, {}, 3)),
    );
    expect(failure.reasons.join("\n")).toMatch(/exceeded quota: quota, requested: requests\.cpu=2/);
    await remove(quota);
  });

  it("replaces a Deployment whose selector changes, deleting first what has a fixed name", async () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    const wanted = deployment("fixed", { image: "x" });
    const made = await create(DEPLOYMENT, "fixed", {
      ...wanted,
      metadata: { name: "fixed", namespace, annotations },
    });
    const other = deployment("other", { image: "x" });
    const result = await diff(made, { ...other, metadata: { name: "fixed", namespace, annotations } });
    expect(result.replaces).toEqual(["spec.selector.matchLabels.app"]);
    expect(result.deleteBeforeReplace).toBe(true);
  });

  it("waits for a Deployment and the Service before it, and rolls a change out without waiting for nothing", async () => {
    const serving = (grace: number): PropertyMap =>
      deployment(
        "web",
        { image: dnsImage, args: ["-dns.port", "1053"], readinessProbe: { tcpSocket: { port: 1053 } } },
        { terminationGracePeriodSeconds: grace },
        60,
      );
    const spec = { selector: { app: "web" }, ports: [{ port: 53, targetPort: 1053 }] };
    const front = create("kubernetes:core/v1:Service", "web", { metadata: { name: "web", namespace }, spec });
    const made = await create(DEPLOYMENT, "web", serving(1));
    expect(made.outputs["status"]).toMatchObject({ availableReplicas: 1 });
    expect((await front).outputs["spec"]).toMatchObject({
      clusterIP: expect.stringMatching(/^\d+\./) as string,
    });
    const updated = await update(made, serving(2));
    expect(updated.outputs["status"]).toMatchObject({
      observedGeneration: 2,
      updatedReplicas: 1,
      replicas: 1,
    });
    await remove(await front);
    await remove(updated);
    const pods = await live(`/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dweb`);
    expect(pods["items"]).toEqual([]);
  });

  it("shows a crash with the container's last words and the end of its log", async () => {
    const crashing = deployment("crash", { image: dnsImage, args: ["-conf", "/nowhere"] }, {}, 12);
    const failure = await failureOf(create(DEPLOYMENT, "crash", crashing));
    const reasons = failure.reasons.join("\n");
    expect(reasons).toMatch(
      /pod crash-\S+: container app: (CrashLoopBackOff|Error|NotReady): .*exit code 1 \(Error\)/,
    );
    expect(reasons).toMatch(/its log ends:\n(.*\n)* {4}.*\/nowhere: no such file/);
    await remove({ type: DEPLOYMENT, name: "crash", id: failure.id, inputs: {}, outputs: failure.outputs });
  });

  it("waits for a Job to complete, and fails with its pod's log when it does", async () => {
    const type = "kubernetes:batch/v1:Job";
    const job = (name: string, args: string[]): PropertyMap => ({
      metadata: { name, namespace, annotations: { "pulumi.com/timeoutSeconds": "60" } },
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            restartPolicy: "Never",
            securityContext: restricted,
            containers: [{ name: "app", image: dnsImage, args, securityContext: confined }],
          },
        },
      },
    });
    const done = await create(type, "done", job("done", ["-version"]));
    expect(done.outputs["status"]).toMatchObject({ succeeded: 1 });
    const rerun = await diff(done, job("done", ["-plugins"]));
    expect(rerun).toMatchObject({
      replaces: ["spec.template.spec.containers[0].args[0]"],
      deleteBeforeReplace: true,
    });
    const failure = await failureOf(create(type, "fails", job("fails", ["-conf", "/nowhere"])));
    const reasons = failure.reasons.join("\n");
    expect(reasons).toMatch(/Job .*\/fails: the job failed: Job has reached the specified backoff limit/);
    expect(reasons).toMatch(/pod fails-\S+: container app: Error: it ended with exit code 1/);
    expect(reasons).toContain("open /nowhere: no such file");
  });
});
