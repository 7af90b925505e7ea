import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../../../local/engine/providers/kubernetes/json-object.ts";
import {
  judgeByConditions,
  judgeDefinition,
  judgeQuota,
} from "../../../../../../local/engine/providers/kubernetes/await/definitions.ts";
import { judgeService } from "../../../../../../local/engine/providers/kubernetes/await/network.ts";
import {
  readinessOf,
  timeoutOf,
} from "../../../../../../local/engine/providers/kubernetes/await/readiness.ts";
import { judgeClaim } from "../../../../../../local/engine/providers/kubernetes/await/storage.ts";
import { selectorText } from "../../../../../../local/engine/providers/kubernetes/await/verdict.ts";
import type { ClusterReader } from "../../../../../../local/engine/providers/kubernetes/await/verdict.ts";
import { describeBlockers } from "../../../../../../local/engine/providers/kubernetes/await/wait-until-gone.ts";

/** A cluster that holds these objects and nothing else. */
function cluster(objects: JsonObject[]): ClusterReader {
  return {
    get: async (_apiVersion, kind) => objects.find((object) => object["kind"] === kind),
    list: async (_apiVersion, kind) => objects.filter((object) => object["kind"] === kind),
    log: async () => "",
  };
}
const slice = (...ready: boolean[]): JsonObject => ({
  kind: "EndpointSlice",
  endpoints: ready.map((value) => ({ conditions: { ready: value } })),
});
const service = (spec: JsonObject, status: JsonObject = {}): JsonObject => ({
  metadata: { name: "s", namespace: "n" },
  spec,
  status,
});
const scaled = (replicas: number, app = "a"): JsonObject => ({
  kind: "Deployment",
  spec: { replicas, template: { metadata: { labels: { app } } } },
});

describe("a Service", () => {
  const selector = { app: "a" };
  it.each<[string, JsonObject, JsonObject[], string]>([
    ["has a ready endpoint", { selector }, [slice(false, true)], "ready"],
    ["has endpoints, none ready", { selector }, [slice(false, false)], "waiting"],
    ["has no endpoint", { selector }, [], "waiting"],
    ["has no selector", {}, [], "ready"],
    ["is headless", { selector, clusterIP: "None" }, [], "ready"],
    ["is an alias", { selector, type: "ExternalName" }, [], "ready"],
    ["has workloads that are scaled to nothing", { selector }, [scaled(0)], "ready"],
    ["has a workload that is not scaled to nothing", { selector }, [scaled(0), scaled(1)], "waiting"],
    ["has somebody else's workload scaled to nothing", { selector }, [scaled(0, "b")], "waiting"],
    ["waits for its load balancer", { selector, type: "LoadBalancer" }, [slice(true)], "waiting"],
  ])("that %s", async (_what, spec, objects, state) => {
    expect((await judgeService(service(spec), cluster(objects))).state).toBe(state);
  });

  it("with its load balancer's address is ready", async () => {
    const status = { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } };
    expect(
      (await judgeService(service({ type: "LoadBalancer", selector }, status), cluster([slice(true)]))).state,
    ).toBe("ready");
  });
});

describe("a PersistentVolumeClaim", () => {
  const claim = (phase: string): JsonObject => ({ spec: { storageClassName: "fast" }, status: { phase } });
  const fast = (volumeBindingMode: string): JsonObject => ({ kind: "StorageClass", volumeBindingMode });
  it.each<[string, JsonObject[], string]>([
    ["Bound", [], "ready"],
    ["Lost", [], "failed"],
    ["Pending", [fast("Immediate")], "waiting"],
    ["Pending", [fast("WaitForFirstConsumer")], "ready"],
    ["Pending", [], "waiting"],
  ])("that is %s with %j is %s", async (phase, objects, state) => {
    expect((await judgeClaim(claim(phase), cluster(objects))).state).toBe(state);
  });
});

describe("other kinds", () => {
  const status = (type: string, value: string): JsonObject => ({
    status: { conditions: [{ type, status: value }] },
  });

  it("by their conditions: Stalled fails, Reconciling waits, Ready decides", () => {
    expect(judgeByConditions(status("Stalled", "True")).state).toBe("failed");
    expect(judgeByConditions(status("Reconciling", "True")).state).toBe("waiting");
    expect(judgeByConditions(status("Ready", "False")).state).toBe("waiting");
    expect(judgeByConditions(status("Ready", "True")).state).toBe("ready");
    expect(judgeByConditions({}).state).toBe("ready");
  });

  it("a definition once established, a quota once enforced", () => {
    expect(judgeDefinition(status("Established", "True")).state).toBe("ready");
    expect(judgeDefinition(status("NamesAccepted", "False")).state).toBe("failed");
    expect(judgeDefinition({}).state).toBe("waiting");
    expect(judgeQuota({ spec: { hard: { pods: "3" } }, status: { hard: { pods: "3" } } }).state).toBe(
      "ready",
    );
    expect(judgeQuota({ spec: { hard: { pods: "3" } } }).state).toBe("waiting");
  });
});

describe("whether and how long to wait", () => {
  const object = (annotations: JsonObject, kind = "Deployment", apiVersion = "apps/v1"): JsonObject => ({
    apiVersion,
    kind,
    metadata: { annotations },
  });

  it("follows the kind and Pulumi's annotations", () => {
    expect(readinessOf(object({}), false)?.timeoutSeconds).toBe(600);
    expect(readinessOf(object({ "pulumi.com/skipAwait": "true" }), false)).toBeUndefined();
    expect(readinessOf(object({}, "ConfigMap", "v1"), false)).toBeUndefined();
    expect(readinessOf(object({}, "Thing", "acme.example/v1"), false)).toBeUndefined();
    expect(readinessOf(object({}, "Thing", "acme.example/v1"), true)).toBeDefined();
    expect(
      readinessOf(object({ "pulumi.com/waitFor": "condition=X" }, "Thing", "acme.example/v1"), false),
    ).toBeDefined();
  });

  it("prefers the operation's own timeout to the annotation and that to the kind's", () => {
    const annotated = object({ "pulumi.com/timeoutSeconds": "20" });
    expect([
      timeoutOf(annotated, 5, 600),
      timeoutOf(annotated, undefined, 600),
      timeoutOf(object({}), undefined, 600),
    ]).toEqual([5, 20, 600]);
    expect(timeoutOf(object({ "pulumi.com/timeoutSeconds": "soon" }), undefined, 600)).toBe(600);
  });

  it("writes selectors as the API takes them", () => {
    const matchExpressions: JsonObject[] = [
      { key: "b", operator: "In", values: ["x", "y"] },
      { key: "c", operator: "NotIn", values: ["z"] },
      { key: "d", operator: "Exists" },
      { key: "e", operator: "DoesNotExist" },
    ];
    expect(selectorText({ matchLabels: { a: "1" }, matchExpressions })).toBe(
      "a=1,b in (x,y),c notin (z),d,!e",
    );
    expect(selectorText({})).toBeUndefined();
  });

  it("says what holds an object that is being deleted", () => {
    const conditions = [
      { type: "NamespaceFinalizersRemaining", status: "True", message: "acme in 1 resource" },
    ];
    expect(describeBlockers({ kind: "Namespace", status: { conditions } })).toBe("acme in 1 resource");
    expect(describeBlockers({ kind: "Thing", metadata: { finalizers: ["acme/hold"] } })).toBe(
      "held by its finalizers: acme/hold",
    );
    expect(describeBlockers({ kind: "Job", metadata: { finalizers: ["foregroundDeletion"] } })).toBe(
      "what it owns is still being deleted",
    );
  });
});
