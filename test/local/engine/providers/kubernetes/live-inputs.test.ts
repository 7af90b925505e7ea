import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../../local/engine/providers/kubernetes/json-object.ts";
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

  it("reads stringData back from data", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      data: { password: Buffer.from("new").toString("base64"), other: "eA==" },
    };
    const declared = { apiVersion: "v1", kind: "Secret", stringData: { password: "old", removed: "z" } };
    expect(liveInputs(secret, declared)).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      stringData: { password: "new" },
    });
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
