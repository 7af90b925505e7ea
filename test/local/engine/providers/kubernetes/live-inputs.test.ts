import { describe, expect, it } from "vitest";
import { isObject } from "../../../../../local/engine/providers/kubernetes/json-object.ts";
import type { Json, JsonObject } from "../../../../../local/engine/providers/kubernetes/json-object.ts";
import { importedInputs, liveInputs } from "../../../../../local/engine/providers/kubernetes/live-inputs.ts";

const live: JsonObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "web",
    namespace: "staging",
    uid: "u",
    resourceVersion: "1",
    labels: { app: "web", extra: "x" },
  },
  spec: {
    replicas: 5,
    progressDeadlineSeconds: 600,
    template: {
      spec: {
        containers: [
          { name: "sidecar", image: "injected" },
          {
            name: "app",
            image: "a:2",
            resources: { limits: { cpu: "1" } },
            terminationMessagePath: "/dev/log",
          },
        ],
      },
    },
  },
  status: { replicas: 5 },
};

describe("what a refresh takes for inputs", () => {
  it("is the live values of what was declared and nothing that the server added", () => {
    const declared = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", labels: { app: "web", gone: "y" } },
      spec: {
        replicas: 3,
        template: {
          spec: { containers: [{ name: "app", image: "a:1", resources: { limits: { cpu: "1000m" } } }] },
        },
      },
    };
    expect(liveInputs(live, declared)).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", labels: { app: "web" } },
      spec: {
        replicas: 5,
        template: {
          spec: { containers: [{ name: "app", image: "a:2", resources: { limits: { cpu: "1000m" } } }] },
        },
      },
    });
  });

  const podSpec = (spec: JsonObject): JsonObject => ({ apiVersion: "v1", kind: "Pod", spec });
  const container = (fields: JsonObject): JsonObject => podSpec({ containers: [{ name: "app", ...fields }] });
  const declaredService: JsonObject = {
    apiVersion: "v1",
    kind: "Service",
    spec: {
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, protocol: "TCP" },
        { name: "web", port: 80 },
      ],
    },
  };

  it.each<[string, JsonObject]>([
    [
      "two mounts of one volume",
      container({
        volumeMounts: [
          { name: "data", mountPath: "/a", subPath: "a" },
          { name: "data", mountPath: "/b", subPath: "b" },
        ],
      }),
    ],
    [
      "one port of two protocols",
      container({
        ports: [
          { containerPort: 53, protocol: "UDP" },
          { containerPort: 53, protocol: "TCP" },
        ],
      }),
    ],
    ["a Service's ports of two protocols", declaredService],
    [
      "one variable given twice",
      container({
        env: [
          { name: "A", value: "1" },
          { name: "A", value: "2" },
        ],
      }),
    ],
    [
      "rules that have no key",
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        spec: { ingress: [{ ports: [{ port: 53, protocol: "UDP" }, { port: 53 }] }, { from: [] }] },
      },
    ],
  ])("is what was declared, for %s", (_what, declared) => {
    expect(liveInputs(declared, declared)).toEqual(declared);
    expect(liveInputs(withDefaults(declared), declared)).toEqual(declared);
  });

  it("finds items of others between ours", () => {
    const declared = container({ env: [{ name: "A", value: "1" }] });
    const injected = podSpec({
      containers: [
        { name: "proxy", env: [{ name: "A", value: "other" }] },
        { name: "app", env: [{ name: "X" }, { name: "A", value: "1" }] },
      ],
    });
    expect(liveInputs(injected, declared)).toEqual(declared);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ["an empty list", podSpec({ tolerations: [] }), podSpec({})],
    ["an empty map", podSpec({ nodeSelector: {}, securityContext: { capabilities: {} } }), podSpec({})],
    ["false", podSpec({ hostNetwork: false }), podSpec({})],
    [
      "an empty variable",
      container({ env: [{ name: "A", value: "" }] }),
      container({ env: [{ name: "A" }] }),
    ],
    ["no containers at all", { apiVersion: "v1", kind: "Pod", spec: {} }, { apiVersion: "v1", kind: "Pod" }],
  ])("keeps %s, which the server drops", (_what, declared, stored) => {
    expect(liveInputs(stored, declared)).toEqual(declared);
  });

  it("shows what is gone, where empty text or a value of a custom resource is a value like others", () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", data: { a: "", b: "1" } };
    expect(liveInputs({ ...map, data: { b: "1" } }, map)).toEqual({ ...map, data: { b: "1" } });
    const custom = { apiVersion: "acme.example/v1", kind: "Thing", spec: { paused: false, size: 1 } };
    expect(liveInputs({ ...custom, spec: { size: 1 } }, custom)).toEqual({ ...custom, spec: { size: 1 } });
  });

  it("takes a list without keys as a whole where its length differs", () => {
    const declared = container({ args: ["a", "b"] });
    expect(liveInputs(container({ args: ["a"] }), declared)).toEqual(container({ args: ["a"] }));
  });

  it("leaves out status and the server's metadata when there is nothing declared", () => {
    const imported = importedInputs(live);
    expect(imported).not.toHaveProperty("status");
    expect(imported["metadata"]).toEqual({
      name: "web",
      namespace: "staging",
      labels: { app: "web", extra: "x" },
    });
  });
});

/** Adds to every object in it what a server might. */
function withDefaults(object: JsonObject): JsonObject {
  const filled = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(filled);
    return isObject(value) ? withDefaults(value) : value;
  };
  const entries = Object.entries(object).map(([key, value]) => [key, filled(value)] as const);
  return { ...Object.fromEntries(entries), defaulted: true };
}
