import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../../local/engine/providers/kubernetes/api-client.ts";
import { numberAt, objectAt, textAt } from "../../local/engine/providers/kubernetes/json-object.ts";
import type { JsonObject } from "../../local/engine/providers/kubernetes/json-object.ts";
import { loadKubeconfig } from "../../local/engine/providers/kubernetes/kubeconfig.ts";
import { kubernetesProvider } from "../../local/engine/providers/kubernetes/kubernetes-provider.ts";
import type { KubernetesProviderOptions } from "../../local/engine/providers/kubernetes/kubernetes-provider.ts";
import { forProvider } from "../../local/engine/values/values.ts";
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

/** Inputs as the engine would hand them to the provider: checked, and without the marks of secrets. */
async function check(
  type: string,
  name: string,
  news: PropertyMap,
  olds?: PropertyMap,
): Promise<PropertyMap> {
  const options = { randomSeed: Buffer.from(namespace), preview: false };
  const { inputs, failures } = await provider.check(contextOf(type, name), olds, news, options);
  expect(failures).toEqual([]);
  return forProvider(inputs);
}

async function create(type: string, name: string, news: PropertyMap, by = provider): Promise<Deployed> {
  const inputs = await check(type, name, news);
  const { id, outputs } = await by.create(contextOf(type, name), inputs, { preview: false });
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

async function update(
  old: Deployed,
  news: PropertyMap,
  ignoreChanges: string[] = [],
  { by = provider, preview = false }: { by?: Provider; preview?: boolean } = {},
): Promise<Deployed> {
  const inputs = await check(old.type, old.name, news, old.inputs);
  const options = { ignoreChanges, preview };
  const context = contextOf(old.type, old.name);
  const { outputs } = await by.update(context, old.id, old.inputs, old.outputs, inputs, options);
  return { ...old, inputs, outputs };
}

function previewUpdate(old: Deployed, news: PropertyMap, by = provider): Promise<Deployed> {
  return update(old, news, [], { by, preview: true });
}

/** The resource as a refresh leaves it. */
async function refresh(old: Deployed): Promise<Deployed> {
  const context = contextOf(old.type, old.name);
  const found = await provider.read(context, old.id, old.inputs, forProvider(old.outputs));
  if (found === undefined) throw new Error(`${old.id} is gone`);
  return { ...old, inputs: forProvider(found.inputs), outputs: found.outputs };
}

/** Changes replicas as `kubectl scale` does. */
async function scale(name: string, replicas: number, manager = "kubectl"): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`;
  const body = { spec: { replicas } };
  await api.request("PATCH", path, {
    query: { fieldManager: manager },
    body,
    contentType: "application/merge-patch+json",
  });
}

function remove(old: Deployed): Promise<void> {
  return provider.delete(contextOf(old.type, old.name), old.id, old.inputs, old.outputs);
}

async function live(path: string): Promise<JsonObject> {
  return (await api.request("GET", path)).body;
}

/** A second provider on the same cluster. */
async function configured(config: PropertyMap, options: KubernetesProviderOptions = {}): Promise<Provider> {
  const second = kubernetesProvider({ kubeconfig, ...options });
  await second.configure(config, false);
  return second;
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
    const forced = { ...wanted, metadata: { name: "crash", namespace, annotations } };
    await expect(create(CONFIG_MAP, "another", forced)).rejects.toThrow(/already exists/);
    const upserting = await configured({ upsertExistingObjects: true });
    expect((await create(CONFIG_MAP, "another", forced, upserting)).id).toBe(first.id);
    await upserting.close();
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
      /data\.theirs \(by scaler\); leave them to the controller with ignoreChanges: \["data\.theirs"\]/,
    );
    await update(made, wanted({ mine: "1", theirs: "1" }, "2"), ["data.theirs"]);
    expect(await live(`${configMaps}/shared`)).toMatchObject({
      metadata: { labels: { label: "2" } },
      data: { mine: "1", theirs: "scaled" },
    });
  });

  it("takes back what people changed, of this object alone, and tells of it", async () => {
    const wanted = (replicas: number): PropertyMap => {
      const { metadata, spec } = deployment("scaled", { image: "x" });
      const annotations = { "pulumi.com/skipAwait": "true" };
      return {
        metadata: { ...(metadata as PropertyMap), annotations },
        spec: { ...(spec as PropertyMap), replicas },
      };
    };
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/scaled`;
    const replicas = async (): Promise<unknown> => numberAt(await live(path), "spec", "replicas");
    const made = await create(DEPLOYMENT, "scaled", wanted(0));
    await scale("scaled", 1);
    const drifted = await refresh(made);
    expect((await diff(drifted, wanted(0))).detailedDiff).toEqual({
      "spec.replicas": { kind: "update", inputDiff: true },
    });
    await expect(previewUpdate(drifted, wanted(0))).rejects.toThrow(
      /spec\.replicas \(by kubectl\); let the run take them back \(option takeBack\)/,
    );
    await expect(update(drifted, wanted(0))).rejects.toThrow(/spec\.replicas \(by kubectl\)/);

    const taking = await configured({}, { takeBack: true });
    said.length = 0;
    await previewUpdate(drifted, wanted(0), taking);
    expect(said).toEqual(["takes back spec.replicas from kubectl (is 1)"]);
    expect(await replicas()).toBe(1);
    said.length = 0;
    const taken = await update(drifted, wanted(0), [], { by: taking });
    expect(said).toContain("took back spec.replicas from kubectl (was 1)");
    expect(await replicas()).toBe(0);

    await scale("scaled", 1);
    await update(await refresh(taken), wanted(0), ["spec.replicas"], { by: taking });
    expect(await replicas()).toBe(1);
    await scale("scaled", 0);
    await update(taken, wanted(0), [], { by: taking });
    await scale("scaled", 1, "kube-controller-manager");
    await expect(update(await refresh(taken), wanted(0), [], { by: taking })).rejects.toThrow(
      /spec\.replicas \(by kube-controller-manager\); leave them to the controller with ignoreChanges/,
    );
    expect(await replicas()).toBe(1);
    await taking.close();
    await remove(taken);
  });

  it("says from the preview on which field cannot change in place, and replaces nothing for it", async () => {
    const frozen = (immutable: boolean): PropertyMap => ({
      metadata: { name: "frozen", namespace },
      immutable,
      data: { a: "1" },
    });
    const made = await create(CONFIG_MAP, "frozen", frozen(true));
    expect(await diff(made, frozen(false))).toMatchObject({ changes: true, replaces: [] });
    const refusal = /ConfigMap .*\/frozen: immutable cannot change in place: .*; set it back or, where/s;
    await expect(previewUpdate(made, frozen(false))).rejects.toThrow(refusal);
    await expect(update(made, frozen(false))).rejects.toThrow(refusal);
  });

  it("keeps a definition and its objects, whatever of it changes", async () => {
    const group = `scopes.${namespace}.example`;
    const schema = { type: "object", x_kubernetes_preserve_unknown_fields: true };
    const names = { kind: "Gadget", plural: "gadgets", singular: "gadget" };
    const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
    const definition = (scope: string, name = "gadgets"): PropertyMap => ({
      metadata: { name: `${name}.${group}` },
      spec: {
        group,
        scope,
        names,
        versions: ["v1beta1", "v1"].map((version) => ({
          name: version,
          served: true,
          storage: version === "v1",
          schema: { openAPIV3Schema: schema },
        })),
      },
    });
    const made = await create(type, "gadgets", definition("Namespaced"));
    expect(await diff(await refresh(made), definition("Namespaced"))).toMatchObject({ changes: false });
    expect(await diff(made, definition("Cluster"))).toMatchObject({ changes: true, replaces: [] });
    const refusal = /spec\.scope cannot change in place: .*would delete every object of the kind/s;
    await expect(previewUpdate(made, definition("Cluster"))).rejects.toThrow(refusal);
    await expect(update(made, definition("Cluster"))).rejects.toThrow(refusal);
    await expect(diff(made, definition("Namespaced", "widgets"))).rejects.toThrow(
      /metadata\.name must stay the same, got widgets\./,
    );

    const gadget = (version: string): PropertyMap => ({
      apiVersion: `${group}/${version}`,
      kind: "Gadget",
      metadata: { name: "one", namespace },
      spec: { size: 3, paused: false },
    });
    const old = await create(`kubernetes:${group}/v1beta1:Gadget`, "one", gadget("v1beta1"));
    const moved = { ...old, type: `kubernetes:${group}/v1:Gadget` };
    expect(await diff(moved, gadget("v1"))).toMatchObject({ changes: true, replaces: [] });
    const updated = await update(moved, gadget("v1"));
    expect(updated.outputs["metadata"]).toMatchObject({
      uid: (old.outputs["metadata"] as PropertyMap)["uid"],
    });
    expect(await diff(await refresh(updated), gadget("v1"))).toMatchObject({ changes: false });
    await remove(updated);
    await remove(made);
  });

  it("grows a claim in place, and says why one cannot grow or shrink", async () => {
    const storageClass = await create("kubernetes:storage.k8s.io/v1:StorageClass", "growing", {
      metadata: { name: `growing-${namespace}` },
      provisioner: "kubernetes.io/no-provisioner",
      allowVolumeExpansion: true,
    });
    const type = "kubernetes:core/v1:PersistentVolumeClaim";
    const claim = (name: string, storage: string, storageClassName: string): PropertyMap => ({
      metadata: { name, namespace, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName,
        resources: { requests: { storage } },
        ...(name === "grows" ? { volumeName: `grows-${namespace}` } : {}),
      },
    });
    const growing = storageClass.id;
    const volume = await create("kubernetes:core/v1:PersistentVolume", "grows", {
      metadata: { name: `grows-${namespace}` },
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1Gi" },
        storageClassName: growing,
        hostPath: { path: "/nowhere" },
        claimRef: { namespace, name: "grows" },
      },
    });
    const waiting = claim("grows", "1Gi", growing);
    const bound = await create(type, "grows", { ...waiting, metadata: { name: "grows", namespace } });
    const uid = (bound.outputs["metadata"] as PropertyMap)["uid"];
    expect(await diff(bound, claim("grows", "2Gi", growing))).toMatchObject({ changes: true, replaces: [] });
    await previewUpdate(bound, claim("grows", "2Gi", growing));
    const grown = await update(bound, claim("grows", "2Gi", growing));
    expect(grown.outputs).toMatchObject({
      metadata: { uid },
      spec: { resources: { requests: { storage: "2Gi" } } },
    });
    const shrink = /spec\.resources\.requests\.storage cannot change in place: .*a claim only grows/s;
    await expect(previewUpdate(grown, claim("grows", "512Mi", growing))).rejects.toThrow(shrink);
    await expect(update(grown, claim("grows", "512Mi", growing))).rejects.toThrow(shrink);

    const stuck = await create(type, "stuck", claim("stuck", "1Gi", growing));
    await expect(previewUpdate(stuck, claim("stuck", "2Gi", growing))).rejects.toThrow(
      /spec cannot change in place: .*a claim grows only once it is bound/s,
    );
    for (const made of [stuck, grown, volume, storageClass]) await remove(made);
  });

  it("removes a server's default together with what it belongs to", async () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    const workload = (
      kind: string,
      spec: PropertyMap,
      container: PropertyMap,
      pod: PropertyMap,
    ): PropertyMap => {
      const made = deployment("unions", { image: "x", ...container }, pod);
      const replicas: PropertyMap = kind === "DaemonSet" ? {} : { replicas: 0 };
      const { replicas: _one, ...rest } = made["spec"] as PropertyMap;
      return {
        metadata: { name: "unions", namespace, annotations },
        spec: { ...rest, ...replicas, ...spec },
      };
    };
    const before: PropertyMap = {
      env: [
        { name: "A", value: "1" },
        { name: "B", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "C", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
      ],
      livenessProbe: { httpGet: { path: "/", port: 80 } },
    };
    const after: PropertyMap = {
      env: [
        { name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "B", value: "1" },
        { name: "C", value: "1" },
      ],
      livenessProbe: { tcpSocket: { port: 80 } },
    };
    const nowhere = { nodeSelector: { no: "node" } };
    const secret = { ...nowhere, volumes: [{ name: "v", secret: { secretName: "s" } }] };
    const configMap = { ...nowhere, volumes: [{ name: "v", configMap: { name: "c" } }] };
    for (const [kind, field, type] of [
      ["Deployment", "strategy", "Recreate"],
      ["StatefulSet", "updateStrategy", "OnDelete"],
      ["DaemonSet", "updateStrategy", "OnDelete"],
    ] as const) {
      const token = `kubernetes:apps/v1:${kind}`;
      const made = await create(token, `unions-${kind}`, workload(kind, {}, before, secret));
      const wanted = workload(kind, { [field]: { type } }, after, configMap);
      expect((await diff(made, wanted)).replaces).toEqual([]);
      await previewUpdate(made, wanted);
      const changed = await update(made, wanted);
      const { spec } = changed.outputs as { spec: PropertyMap };
      expect(spec[field], kind).toEqual({ type });
      expect(spec["template"], kind).toMatchObject({
        spec: {
          volumes: [{ configMap: { name: "c" } }],
          containers: [{ livenessProbe: { tcpSocket: { port: 80 } } }],
        },
      });
      const back = await update(changed, workload(kind, {}, before, secret));
      expect((back.outputs["spec"] as PropertyMap)[field], kind).toMatchObject({ type: "RollingUpdate" });
      await remove(back);
    }
  });

  it("plans nothing after a refresh, however the server spells or drops what was declared", async () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    const podSpec: PropertyMap = {
      nodeSelector: { no: "node" },
      tolerations: [],
      hostNetwork: false,
      imagePullSecrets: [],
      volumes: [
        { name: "data", emptyDir: {} },
        { name: "config", configMap: { name: "c", optional: false, items: [] } },
      ],
    };
    const container: PropertyMap = {
      image: "x",
      args: [],
      env: [
        { name: "EMPTY", value: "" },
        { name: "SET", value: "1" },
      ],
      ports: [
        { containerPort: 53, protocol: "UDP" },
        { containerPort: 53, protocol: "TCP" },
        { containerPort: 80 },
      ],
      volumeMounts: [
        { name: "data", mountPath: "/b", subPath: "b", readOnly: false },
        { name: "data", mountPath: "/a", subPath: "a" },
      ],
      resources: { requests: { cpu: 0.5, memory: "1024Mi" }, limits: { cpu: "1000m", memory: "1.5Gi" } },
      stdin: false,
    };
    const selector = { app: "same" };
    const objects: [type: string, inputs: PropertyMap][] = [
      [DEPLOYMENT, deployment("same", container, podSpec)],
      ["kubernetes:apps/v1:StatefulSet", deployment("same", container, podSpec)],
      [
        "kubernetes:core/v1:Service",
        {
          metadata: { name: "same", namespace, labels: {} },
          spec: {
            selector,
            externalIPs: [],
            ports: [
              { name: "dns", port: 53, protocol: "UDP" },
              { name: "dns-tcp", port: 53, protocol: "TCP" },
              { name: "web", port: 80, targetPort: "web" },
            ],
          },
        },
      ],
      [
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        {
          metadata: { name: "same", namespace },
          spec: {
            podSelector: {},
            policyTypes: ["Ingress"],
            ingress: [{ from: [], ports: [{ port: 53, protocol: "UDP" }, { port: 53 }] }],
          },
        },
      ],
      [
        "kubernetes:core/v1:LimitRange",
        {
          metadata: { name: "same", namespace },
          spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "2048Gi" } }] },
        },
      ],
      [
        "kubernetes:core/v1:Secret",
        { metadata: { name: "same", namespace }, stringData: { a: "x", empty: "" }, data: { b: "eA==\n" } },
      ],
      [CONFIG_MAP, { metadata: { name: "same", namespace }, data: { empty: "" }, immutable: false }],
      [
        "kubernetes:rbac.authorization.k8s.io/v1:Role",
        {
          metadata: { name: "same", namespace },
          rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"], resourceNames: [] }],
        },
      ],
    ];
    for (const [type, inputs] of objects) {
      const metadata = { ...(inputs["metadata"] as PropertyMap), annotations };
      const wanted = { ...inputs, metadata };
      const made = await create(type, `same-${type}`, wanted);
      expect(await diff(await refresh(made), wanted), type).toMatchObject({
        changes: false,
        detailedDiff: {},
      });
      await remove(made);
    }
  });

  it("takes a key that leaves a Secret out of the cluster, together with a label or not", async () => {
    const mutable = await configured({ enableSecretMutable: true });
    const wanted = (stringData: PropertyMap, label: string): PropertyMap => ({
      metadata: { name: "revoked", namespace, labels: { label } },
      stringData,
    });
    const path = `/api/v1/namespaces/${namespace}/secrets/revoked`;
    const keys = async (): Promise<string[]> => Object.keys(objectAt(await live(path), "data") ?? {});
    const type = "kubernetes:core/v1:Secret";
    let made = await create(type, "revoked", wanted({ a: "1", b: "2", c: "3" }, "1"), mutable);
    made = await update(made, wanted({ a: "1", b: "2" }, "1"), [], { by: mutable });
    expect(await keys()).toEqual(["a", "b"]);
    made = await update(made, wanted({ a: "1" }, "2"), [], { by: mutable });
    expect(await keys()).toEqual(["a"]);
    await remove(made);

    // What was applied as `stringData` before it was kept as `data`.
    const query = { fieldManager: made.outputs["__fieldManager"] as string, force: true };
    const body = { apiVersion: "v1", kind: "Secret", ...wanted({ a: "1", b: "2" }, "1") } as JsonObject;
    await api.request("PATCH", path, { query, body, contentType: "application/apply-patch+yaml" });
    const former = { ...made, inputs: { ...made.inputs, data: null, stringData: { a: "1", b: "2" } } };
    await update(former, wanted({ a: "1" }, "1"), [], { by: mutable });
    expect(await keys()).toEqual(["a"]);
    await remove(made);
    await mutable.close();
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
    const open = JSON.stringify({ ...made.outputs, data: 0, __inputs: 0 });
    expect(open).not.toContain("hunter2");
    expect(made.outputs["__inputs"]).toBeInstanceOf(Secret);
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

  it("ends the wait at the second crash of a kind, with the end of the log", async () => {
    const crashing = deployment("crash", { image: dnsImage, args: ["-conf", "/nowhere"] }, {}, 300);
    const begun = Date.now();
    const failure = await failureOf(create(DEPLOYMENT, "crash", crashing));
    const reasons = failure.reasons.join("\n");
    expect(Date.now() - begun).toBeLessThan(60_000);
    expect(reasons).toMatch(
      /pod crash-\S+: container app crashed twice in the same way: it ended with exit code 1 \(Error\); its log ends: .*\/nowhere: no such file/,
    );
    expect(said.join("\n")).toMatch(/0 of 1 pods available; pod crash-\S+: .*its log ends: .*no such file/);
    expect(reasons).toMatch(
      /pod crash-\S+: container app: (CrashLoopBackOff|Error|NotReady): .*exit code 1 \(Error\)/,
    );
    expect(reasons).toMatch(/its log ends:\n(.*\n)* {4}.*\/nowhere: no such file/);
    await remove({ type: DEPLOYMENT, name: "crash", id: failure.id, inputs: {}, outputs: failure.outputs });
  });

  it("waits for pods that start now, although the rollout before was given up", async () => {
    const wanted = (label: string, seconds: number): PropertyMap => {
      const envFrom = [{ configMapRef: { name: "late" } }];
      const made = deployment("late", { image: dnsImage, args: ["-dns.port", "1053"], envFrom }, {}, seconds);
      const metadata = { ...(made["metadata"] as PropertyMap), labels: { label } };
      return { metadata, spec: { ...(made["spec"] as PropertyMap), progressDeadlineSeconds: 3 } };
    };
    const failure = await failureOf(create(DEPLOYMENT, "late", wanted("1", 30)));
    expect(failure.reasons.join("\n")).toMatch(/it made no progress within 3 s/);
    expect(failure.reasons.join("\n")).toMatch(/configmap "late" not found/);
    const config = await create(CONFIG_MAP, "late", {
      metadata: { name: "late", namespace },
      data: { A: "1" },
    });
    const inputs = await check(DEPLOYMENT, "late", wanted("1", 30));
    const given = { type: DEPLOYMENT, name: "late", id: failure.id, inputs, outputs: failure.outputs };
    const recovered = await update(given, wanted("2", 90));
    expect(recovered.outputs["status"]).toMatchObject({ availableReplicas: 1 });
    await remove(recovered);
    await remove(config);
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
    const brief = job("brief", ["-version"]);
    const ended = await create(type, "brief", {
      ...brief,
      spec: { ...(brief["spec"] as PropertyMap), ttlSecondsAfterFinished: 0 },
    });
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/brief`;
    await expect
      .poll(
        () =>
          live(path).then(
            () => "there",
            () => "gone",
          ),
        { timeout: 20_000 },
      )
      .toBe("gone");
    expect((await refresh(ended)).inputs).toEqual(ended.inputs);
    expect(said.at(-1)).toMatch(/it finished and removed itself .* is not run again/);
    const failure = await failureOf(create(type, "fails", job("fails", ["-conf", "/nowhere"])));
    const reasons = failure.reasons.join("\n");
    expect(reasons).toMatch(/Job .*\/fails: the job failed: Job has reached the specified backoff limit/);
    expect(reasons).toMatch(/pod fails-\S+: container app: Error: it ended with exit code 1/);
    expect(reasons).toContain("open /nowhere: no such file");
  });
});
