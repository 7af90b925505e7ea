import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareInputs,
  toDiffResult,
  withoutEmptyLists,
  withoutIgnored,
} from "../../../../../local/engine/providers/kubernetes/diff.ts";
import { immutableFields } from "../../../../../local/engine/providers/kubernetes/immutable-fields.ts";
import { UNKNOWN } from "../../../../../local/engine/values/property-value.ts";
import type { DiffKind } from "../../../../../local/engine/provider.ts";
import type { PropertyMap } from "../../../../../local/engine/values/property-value.ts";

const immutableData = { enableConfigMapMutable: false, enableSecretMutable: false };
const mutableData = { enableConfigMapMutable: true, enableSecretMutable: true };

function kinds(
  apiVersion: string,
  kind: string,
  before: PropertyMap,
  after: PropertyMap,
): Record<string, DiffKind> {
  const fields = immutableFields(apiVersion, kind, before["immutable"] === true, immutableData);
  const { detailedDiff } = toDiffResult(compareInputs(before, after), fields);
  return Object.fromEntries(Object.entries(detailedDiff).map(([path, diff]) => [path, diff.kind]));
}

describe("the diff of inputs", () => {
  it("names every leaf that is added, changed or removed", () => {
    const before = { spec: { replicas: 1, paused: true, list: [1, 2] } };
    const after = { spec: { replicas: 2, list: [1, 3, 4] }, extra: { "a.b": "c" } };
    expect(kinds("apps/v1", "Deployment", before, after)).toEqual({
      "spec.replicas": "update",
      "spec.paused": "delete",
      "spec.list[1]": "update",
      "spec.list[2]": "add",
      extra: "add",
    });
  });

  it("finds nothing between equal inputs, whatever the order of keys, and takes null for absent", () => {
    const value = fc.object({ maxDepth: 3, values: [fc.string(), fc.integer(), fc.boolean()] });
    fc.assert(
      fc.property(value, (inputs) => {
        const reversed = Object.fromEntries(Object.entries(inputs).reverse()) as PropertyMap;
        expect(compareInputs(inputs as PropertyMap, reversed)).toEqual([]);
      }),
    );
    expect(compareInputs({ a: null }, {})).toEqual([]);
  });

  it("takes two spellings of a quantity for the same", () => {
    const resources = (cpu: string | number): PropertyMap => ({ resources: { limits: { cpu } } });
    expect(compareInputs(resources("1000m"), resources(1))).toEqual([]);
  });

  it("takes a value that is not known yet for a change", () => {
    expect(kinds("v1", "Service", { spec: { type: "ClusterIP" } }, { spec: { type: UNKNOWN } })).toEqual({
      "spec.type": "update",
    });
  });

  it("leaves out what a program ignores", () => {
    const changes = compareInputs(
      { spec: { replicas: 1, paused: false } },
      { spec: { replicas: 3, paused: true } },
    );
    expect(withoutIgnored(changes, ["spec.replicas"]).map((change) => change.path)).toEqual([
      ["spec", "paused"],
    ]);
    expect(withoutIgnored(changes, ["spec"])).toEqual([]);
  });
});

describe("immutable fields", () => {
  const selector = { matchLabels: { app: "a" } };

  it.each<[string, string, PropertyMap, PropertyMap, string]>([
    [
      "apps/v1",
      "Deployment",
      { spec: { selector } },
      { spec: { selector: { matchLabels: { app: "b" } } } },
      "spec.selector.matchLabels.app",
    ],
    ["apps/v1", "DaemonSet", { spec: { selector } }, { spec: {} }, "spec.selector"],
    [
      "apps/v1",
      "StatefulSet",
      { spec: { serviceName: "a" } },
      { spec: { serviceName: "b" } },
      "spec.serviceName",
    ],
    [
      "batch/v1",
      "Job",
      { spec: { template: { spec: { x: 1 } } } },
      { spec: { template: { spec: { x: 2 } } } },
      "spec.template.spec.x",
    ],
    [
      "v1",
      "PersistentVolumeClaim",
      { spec: { storageClassName: "a" } },
      { spec: { storageClassName: "b" } },
      "spec.storageClassName",
    ],
    [
      "v1",
      "PersistentVolumeClaim",
      { spec: { accessModes: ["ReadWriteOnce"] } },
      { spec: { accessModes: ["ReadWriteMany"] } },
      "spec.accessModes[0]",
    ],
    ["v1", "Service", { spec: { clusterIP: "None" } }, { spec: {} }, "spec.clusterIP"],
    [
      "v1",
      "Pod",
      { spec: { containers: [{ image: "a" }] } },
      { spec: { containers: [{ image: "b" }] } },
      "spec.containers[0].image",
    ],
    [
      "rbac.authorization.k8s.io/v1",
      "RoleBinding",
      { roleRef: { name: "a" } },
      { roleRef: { name: "b" } },
      "roleRef.name",
    ],
    ["storage.k8s.io/v1", "StorageClass", { provisioner: "a" }, { provisioner: "b" }, "provisioner"],
    ["v1", "ConfigMap", { data: { a: "1" } }, { data: { a: "2" } }, "data.a"],
    ["v1", "Secret", { stringData: { a: "1" } }, { stringData: { a: "2" } }, "stringData.a"],
    ["v1", "Secret", { type: "Opaque" }, { type: "kubernetes.io/tls" }, "type"],
    ["acme.example/v1", "Thing", { metadata: { name: "a" } }, { metadata: { name: "b" } }, "metadata.name"],
  ])("replaces a %s %s whose immutable field changes", (apiVersion, kind, before, after, path) => {
    const result = toDiffResult(
      compareInputs(before, after),
      immutableFields(apiVersion, kind, false, immutableData),
    );
    expect(result.replaces).toEqual([path]);
  });

  const claim = (storage: string): PropertyMap => ({ spec: { resources: { requests: { storage } } } });

  it.each<[string, string, PropertyMap, PropertyMap]>([
    ["v1", "PersistentVolumeClaim", claim("2Gi"), claim("4Gi")],
    ["v1", "PersistentVolumeClaim", claim("4Gi"), claim("2Gi")],
    [
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      { spec: { scope: "Namespaced" } },
      { spec: { scope: "Cluster" } },
    ],
    ["storage.k8s.io/v1", "StorageClass", { reclaimPolicy: "Delete" }, { reclaimPolicy: "Retain" }],
    [
      "storage.k8s.io/v1",
      "StorageClass",
      { volumeBindingMode: "Immediate" },
      { volumeBindingMode: "WaitForFirstConsumer" },
    ],
    ["scheduling.k8s.io/v1", "PriorityClass", { value: 1 }, { value: 2 }],
    ["apps/v1", "StatefulSet", { spec: { revisionHistoryLimit: 5 } }, { spec: { revisionHistoryLimit: 3 } }],
    ["apps/v1", "ReplicaSet", { spec: { selector } }, { spec: {} }],
    ["v1", "ConfigMap", { immutable: true, data: {} }, { immutable: false, data: {} }],
  ])("never replaces a %s %s where pulumi-kubernetes does not", (apiVersion, kind, before, after) => {
    const changes = compareInputs(before, after);
    const fields = immutableFields(apiVersion, kind, before["immutable"] === true, immutableData);
    const result = toDiffResult(changes, fields);
    expect(result).toMatchObject({ changes: true, replaces: [] });
  });

  it("replaces when a parent that holds the field is added or removed", () => {
    expect(kinds("apps/v1", "Deployment", {}, { spec: { selector } })).toEqual({ spec: "add-replace" });
    expect(kinds("apps/v1", "Deployment", {}, { spec: { replicas: 1 } })).toEqual({ spec: "add" });
  });

  it("changes labels, replicas and a pod's new labels in place", () => {
    expect(
      kinds("v1", "Pod", { metadata: { labels: { a: "1" } } }, { metadata: { labels: { a: "2" } } }),
    ).toEqual({
      "metadata.labels.a": "update",
    });
    expect(
      kinds(
        "v1",
        "Pod",
        { spec: { containers: [{ name: "a" }] } },
        { spec: { containers: [{ name: "b" }] } },
      ),
    ).toEqual({
      "spec.containers[0].name": "update",
    });
  });

  it("lets data change in place where the provider is told to, unless the object is marked immutable", () => {
    const changes = compareInputs({ data: { a: "1" } }, { data: { a: "2" } });
    const replaces = (kind: string, marked: boolean): string[] =>
      toDiffResult(changes, immutableFields("v1", kind, marked, mutableData)).replaces;
    expect([replaces("ConfigMap", false), replaces("Secret", false)]).toEqual([[], []]);
    expect([replaces("ConfigMap", true), replaces("Secret", true)]).toEqual([["data.a"], ["data.a"]]);
  });
});

describe("empty lists", () => {
  const changes = compareInputs({ spec: { a: [], d: {} } }, { spec: { b: [], c: [1] } });
  const paths = (apiVersion: string): string[] =>
    withoutEmptyLists(changes, apiVersion).map(({ path }) => path.join("."));

  it("are the same as none in kinds of Kubernetes itself", () => {
    for (const apiVersion of ["v1", "apps/v1", "networking.k8s.io/v1"])
      expect(paths(apiVersion)).toEqual(["spec.d", "spec.c"]);
  });

  it("may mean something in custom resources", () => {
    expect(paths("example.com/v1")).toEqual(["spec.a", "spec.d", "spec.b", "spec.c"]);
  });
});
