import { describe, expect, it } from "vitest";
import { outputsOf, plannedOutputs } from "../../../../../local/engine/providers/kubernetes/outputs.ts";
import { Secret, UNKNOWN } from "../../../../../local/engine/values/property-value.ts";

describe("a resource's outputs", () => {
  const live = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", uid: "u", managedFields: [] },
    data: { a: "b" },
  };

  it("are the live object with the keys that pulumi-kubernetes keeps, without managedFields", () => {
    const inputs = { apiVersion: "v1", kind: "ConfigMap", data: { a: "b" } };
    expect(outputsOf(live, inputs, "pulumi-kubernetes-1")).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", uid: "u" },
      data: { a: "b" },
      __fieldManager: "pulumi-kubernetes-1",
      __initialApiVersion: "v1",
      __inputs: inputs,
    });
  });

  it("hide a Secret's data everywhere", () => {
    const annotations = {
      "kubectl.kubernetes.io/last-applied-configuration": '{"data":{"a":"b"}}',
      other: "x",
    };
    const applied = outputsOf({ ...live, kind: "Secret", metadata: { name: "a", annotations } }, {}, "m");
    expect(applied["metadata"]).toEqual({
      name: "a",
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": new Secret('{"data":{"a":"b"}}'),
        other: "x",
      },
    });

    const inputs = { apiVersion: "v1", kind: "Secret", stringData: { a: "b" } };
    const outputs = outputsOf({ ...live, kind: "Secret" }, inputs, "m");
    expect(outputs["data"]).toEqual(new Secret({ a: "b" }));
    expect(outputs["__inputs"]).toEqual({ ...inputs, stringData: new Secret({ a: "b" }) });
  });

  it("spell a definition's dashed keys as the SDK does", () => {
    const object = { spec: { schema: { "x-kubernetes-int-or-string": true } } };
    expect(outputsOf(object, {}, "m")["spec"]).toEqual({ schema: { x_kubernetes_int_or_string: true } });
  });
});

describe("planned outputs", () => {
  it("make a Service's address unknown rather than absent", () => {
    expect(plannedOutputs({ kind: "Service", spec: { ports: [] } })["spec"]).toMatchObject({
      clusterIP: UNKNOWN,
    });
  });

  it("keep an address that the program gives", () => {
    expect(plannedOutputs({ kind: "Service", spec: { clusterIP: "None" } })["spec"]).toEqual({
      clusterIP: "None",
    });
  });

  it("take the server's defaults but nothing that a real creation would change", () => {
    const dryRun = {
      kind: "Job",
      metadata: { name: "a", uid: "u", resourceVersion: "1" },
      spec: { backoffLimit: 6 },
      status: {},
    };
    expect(plannedOutputs({ kind: "Job" }, dryRun)).toEqual({
      kind: "Job",
      metadata: { name: "a" },
      spec: { backoffLimit: 6 },
    });
  });
});
