import { describe, expect, it } from "vitest";
import { ApiError } from "../../../../../local/engine/providers/kubernetes/api-error.ts";
import {
  conflictsOf,
  describeTaken,
  FieldConflict,
  isController,
} from "../../../../../local/engine/providers/kubernetes/field-conflict.ts";
import type { JsonObject } from "../../../../../local/engine/providers/kubernetes/json-object.ts";

const refusal = (...causes: [field: string, message: string][]): ApiError =>
  new ApiError(409, {
    message: "Apply failed",
    details: {
      causes: causes.map(([field, message]) => ({ reason: "FieldManagerConflict", field, message })),
    },
  });

const web: JsonObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "n", labels: { "app.kubernetes.io/name": "web" } },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          { name: "proxy", image: "p" },
          {
            name: "app",
            image: "a:2",
            ports: [{ containerPort: 80, protocol: "TCP", hostPort: 8080 }],
            env: [{ name: "PASSWORD", value: "hunter2" }],
          },
        ],
      },
    },
  },
};
const inApp = 'spec.template.spec.containers[name="app"]';

describe("a conflict about fields", () => {
  it("names who owns which field, through what", () => {
    const error = refusal(
      [".spec.replicas", 'conflict with "kubectl" with subresource "scale" using apps/v1'],
      [`.${inApp}.image`, 'conflict with "kubectl-edit" using apps/v1 at 2026-01-01T00:00:00Z'],
    );
    expect(conflictsOf(error)).toEqual([
      { field: "spec.replicas", manager: "kubectl", subresource: "scale" },
      { field: `${inApp}.image`, manager: "kubectl-edit", subresource: undefined },
    ]);
    expect(conflictsOf(new ApiError(409, { message: "the object has been modified" }))).toEqual([]);
    expect(conflictsOf(new ApiError(422, {}))).toEqual([]);
  });

  it("says how to go on, with paths that ignoreChanges takes", () => {
    const error = refusal();
    const { message } = new FieldConflict(web, [{ field: `${inApp}.image`, manager: "kubectl-set" }], error);
    expect(message).toBe(
      `Deployment n/web: others changed what this resource declares: ${inApp}.image (by kubectl-set); ` +
        "let the run take them back (option takeBack), set them to the program's values with kubectl edit, " +
        'or leave them to the others with ignoreChanges: ["spec.template.spec.containers[1].image"]',
    );
    const scaled = new FieldConflict(
      web,
      [{ field: "spec.replicas", manager: "kube-controller-manager" }],
      error,
    );
    expect(scaled.message).toMatch(/leave them to the controller with ignoreChanges: \["spec\.replicas"\]/);
    expect(scaled.message).not.toMatch(/takeBack/);
  });

  it.each([
    "kube-controller-manager",
    "rollouts-controller",
    "argocd-application-controller",
    "keda-operator",
    "cluster-autoscaler",
    "vpa-recommender",
    "helm",
    "pulumi-kubernetes-12345678",
  ])("leaves what %s owns to it", (manager) => {
    expect(isController(manager)).toBe(true);
  });

  it.each([
    "kubectl",
    "kubectl-edit",
    "kubectl-client-side-apply",
    "dashboard",
    "k9s",
    "Mozilla",
    "node-fetch",
    "curl",
  ])("takes %s for a person with a tool", (manager) => {
    expect(isController(manager)).toBe(false);
  });
});

describe("what was taken back", () => {
  it.each([
    ["spec.replicas", "kubectl", "spec.replicas from kubectl (was 1)"],
    [`${inApp}.image`, "kubectl-set", 'spec.template.spec.containers[1].image from kubectl-set (was "a:2")'],
    [
      `${inApp}.ports[containerPort=80,protocol="TCP"].hostPort`,
      "k9s",
      "spec.template.spec.containers[1].ports[0].hostPort from k9s (was 8080)",
    ],
    [
      "metadata.labels.app.kubernetes.io/name",
      "kubectl-label",
      'metadata.labels["app.kubernetes.io/name"] from kubectl-label (was "web")',
    ],
    ["spec.paused", "kubectl", "spec.paused from kubectl"],
  ])("is told of %s", (field, manager, expected) => {
    expect(describeTaken({ field, manager }, web, "was")).toBe(expected);
  });

  it("is told without what may be secret", () => {
    const variable = describeTaken(
      { field: `${inApp}.env[name="PASSWORD"].value`, manager: "kubectl-set" },
      web,
      "was",
    );
    expect(variable).toBe("spec.template.spec.containers[1].env[0].value from kubectl-set");
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, type: "hunter2" };
    expect(describeTaken({ field: "type", manager: "kubectl" }, secret, "is")).toBe("type from kubectl");
    const configMap = { apiVersion: "v1", kind: "ConfigMap", data: { "a.b": "hunter2" } };
    expect(describeTaken({ field: "data.a.b", manager: "kubectl" }, configMap, "is")).toBe(
      'data["a.b"] from kubectl',
    );
  });
});
