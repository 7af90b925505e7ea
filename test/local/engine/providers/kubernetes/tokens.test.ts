import { describe, expect, it } from "vitest";
import { parseTypeToken } from "../../../../../local/engine/providers/kubernetes/tokens.ts";

describe("type tokens", () => {
  it.each([
    ["kubernetes:core/v1:ConfigMap", "v1", "ConfigMap", false],
    ["kubernetes:apps/v1:Deployment", "apps/v1", "Deployment", false],
    [
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      "rbac.authorization.k8s.io/v1",
      "ClusterRole",
      false,
    ],
    ["kubernetes:argoproj.io/v1alpha1:Rollout", "argoproj.io/v1alpha1", "Rollout", false],
    ["kubernetes:apps/v1:DeploymentPatch", "apps/v1", "Deployment", true],
    ["kubernetes:v1:Service", "v1", "Service", false],
  ])("reads %s", (type, apiVersion, kind, patch) => {
    expect(parseTypeToken(type)).toEqual({ apiVersion, kind, patch });
  });

  it("takes a custom kind whose name ends in Patch for what it is", () => {
    expect(parseTypeToken("kubernetes:acme.example/v1:RulePatch", "RulePatch")).toMatchObject({
      kind: "RulePatch",
      patch: false,
    });
  });

  it("takes a custom kind whose name ends in List for what it is", () => {
    expect(parseTypeToken("kubernetes:acme.example/v1:AllowList", "AllowList").kind).toBe("AllowList");
  });

  it.each([
    ["kubernetes:helm.sh/v3:Release", /helm\.sh\/v3:Release: Helm charts and releases are not supported/],
    ["kubernetes:helm.sh/v4:Chart", /Helm charts/],
    ["kubernetes:yaml/v2:ConfigGroup", /YAML files and groups/],
    ["kubernetes:kustomize/v2:Directory", /Kustomize/],
    ["kubernetes:core/v1:ConfigMapList", /list kinds cannot be created/],
    ["kubernetes:nonsense:Thing", /apiVersion must be GROUP\/VERSION/],
    ["aws:s3/bucket:Bucket", /not a type of the kubernetes package/],
  ])("refuses %s by name", (type, message) => {
    expect(() => parseTypeToken(type)).toThrow(message);
  });
});
