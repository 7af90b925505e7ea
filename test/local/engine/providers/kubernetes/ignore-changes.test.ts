import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../../local/engine/providers/kubernetes/json-object.ts";
import { leaveIgnored } from "../../../../../local/engine/providers/kubernetes/ignore-changes.ts";
import {
  fieldManagers,
  isAppliedBy,
  ownersOf,
} from "../../../../../local/engine/providers/kubernetes/managed-fields.ts";
import { parsePath } from "../../../../../local/engine/providers/kubernetes/property-path.ts";

const live: JsonObject = {
  metadata: {
    managedFields: [
      {
        manager: "pulumi-kubernetes-12345678",
        operation: "Apply",
        fieldsV1: {
          "f:spec": {
            "f:paused": {},
            "f:template": {
              "f:spec": { "f:containers": { 'k:{"name":"app"}': { ".": {}, "f:name": {}, "f:image": {} } } },
            },
          },
        },
      },
      {
        manager: "kube-controller-manager",
        operation: "Update",
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      },
    ],
  },
  spec: {
    replicas: 7,
    paused: true,
    template: {
      spec: {
        containers: [
          { name: "proxy", image: "p" },
          { name: "app", image: "a:9" },
        ],
      },
    },
  },
};
const us = "pulumi-kubernetes-12345678";

describe("field managers", () => {
  it("are found by field, by list key and below a parent", () => {
    expect(ownersOf(live, parsePath("spec.replicas"))).toEqual(["kube-controller-manager"]);
    expect(ownersOf(live, parsePath("spec.template.spec.containers[1].image"))).toEqual([us]);
    expect(ownersOf(live, parsePath("spec.template.spec.containers[0].image"))).toEqual([]);
    expect(ownersOf(live, parsePath("spec"))).toEqual([us, "kube-controller-manager"]);
    expect(fieldManagers(live)).toEqual([us, "kube-controller-manager"]);
  });

  it("have applied an object only by an Apply, not by an Update", () => {
    expect(isAppliedBy(live, us)).toBe(true);
    expect(isAppliedBy(live, "kube-controller-manager")).toBe(false);
  });
});

describe("ignored changes", () => {
  const wanted = {
    spec: {
      replicas: 2,
      paused: false,
      template: {
        spec: {
          containers: [
            { name: "proxy", image: "x" },
            { name: "app", image: "a:1" },
          ],
        },
      },
    },
  };

  it("leave a field to the manager that owns it", () => {
    expect(leaveIgnored(wanted, live, ["spec.replicas"], us)["spec"]).not.toHaveProperty("replicas");
  });

  it("send a field that we own with its live value, since leaving it out would remove it", () => {
    expect(leaveIgnored(wanted, live, ["spec.paused"], us)["spec"]).toMatchObject({
      paused: true,
      replicas: 2,
    });
  });

  it("reach into lists, all elements at once", () => {
    const result = leaveIgnored(wanted, live, ["spec.template.spec.containers[*].image"], us);
    expect(result["spec"]).toMatchObject({
      template: { spec: { containers: [{ image: "p" }, { image: "a:9" }] } },
    });
  });

  it("find the item of a list by its key, not by its place", () => {
    const only = { spec: { template: { spec: { containers: [{ name: "app", image: "a:1" }] } } } };
    expect(leaveIgnored(only, live, ["spec.template.spec.containers[0].image"], us)).toEqual({
      spec: { template: { spec: { containers: [{ name: "app", image: "a:9" }] } } },
    });
  });

  it.each([
    "spec.template.spec.initContainers[0].image",
    "spec.template.spec.containers[5].image",
    "spec.template.metadata.annotations.injected",
    "spec.unheardOf",
  ])("leave out %s, which only the cluster has", (path) => {
    const injected = structuredClone(live) as { spec: JsonObject };
    injected.spec["unheardOf"] = 1;
    (injected.spec["template"] as JsonObject)["metadata"] = { annotations: { injected: "yes" } };
    ((injected.spec["template"] as JsonObject)["spec"] as JsonObject)["initContainers"] = [
      { name: "init", image: "i" },
    ];
    expect(leaveIgnored(wanted, injected as JsonObject, [path], us)).toEqual(wanted);
  });

  it("keep a field that we own where the program no longer declares it", () => {
    const { paused: _paused, ...spec } = wanted.spec;
    expect(leaveIgnored({ spec }, live, ["spec.paused"], us)["spec"]).toMatchObject({ paused: true });
  });

  it("do not touch what was passed in", () => {
    const copy = structuredClone(wanted);
    leaveIgnored(wanted, live, ["spec.replicas", "spec.paused"], us);
    expect(wanted).toEqual(copy);
  });
});
