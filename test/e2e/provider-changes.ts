import { expect, it } from "vitest";
import { numberAt, objectAt } from "../../local/engine/providers/kubernetes/json-object.ts";
import type { JsonObject } from "../../local/engine/providers/kubernetes/json-object.ts";
import type { PropertyMap } from "../../local/engine/values/property-value.ts";
import {
  api,
  namespace,
  provider,
  said,
  contextOf,
  create,
  diff,
  update,
  previewUpdate,
  refresh,
  scale,
  remove,
  live,
  configured,
  applyAs,
  CONFIG_MAP,
  DEPLOYMENT,
  configMaps,
  deployment,
} from "./provider-harness.ts";

/** Tests of what changes: by the program, by people, by controllers, on the server. */
export function providerChanges(): void {
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
}
