import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../../local/engine/providers/kubernetes/json-object.ts";
import { ownershipOfLeftovers } from "../../../../../local/engine/providers/kubernetes/leftovers.ts";

const kinds = { Deployment: "strategy", StatefulSet: "updateStrategy", DaemonSet: "updateStrategy" };
const workload = (kind: string, spec: JsonObject): JsonObject => ({ apiVersion: "apps/v1", kind, spec });
const pod = (container: JsonObject, spec: JsonObject = {}): JsonObject =>
  workload("Deployment", { template: { spec: { containers: [{ name: "app", ...container }], ...spec } } });

describe("defaults of the server that nobody owns", () => {
  it.each(Object.entries(kinds))("are taken over before a %s leaves RollingUpdate", (kind, field) => {
    const rolling = { type: "RollingUpdate", rollingUpdate: { partition: 0 } };
    const live = workload(kind, { replicas: 1, [field]: rolling });
    const before = workload(kind, { replicas: 1 });
    const type = kind === "Deployment" ? "Recreate" : "OnDelete";
    expect(ownershipOfLeftovers(live, before, workload(kind, { replicas: 1, [field]: { type } }))).toEqual(
      workload(kind, { replicas: 1, [field]: rolling }),
    );
    expect(ownershipOfLeftovers(live, before, workload(kind, { replicas: 2 }))).toBeUndefined();
    const again = workload(kind, { replicas: 1, [field]: { type } });
    expect(ownershipOfLeftovers(again, again, again)).toBeUndefined();
  });

  it("are taken over before a probe changes its handler", () => {
    const before = pod({ livenessProbe: { httpGet: { path: "/", port: 80 } } });
    const live = pod({
      livenessProbe: { httpGet: { path: "/", port: 80, scheme: "HTTP" }, periodSeconds: 10 },
    });
    const after = pod({ livenessProbe: { tcpSocket: { port: 80 } } });
    expect(ownershipOfLeftovers(live, before, after)).toEqual(
      pod({ livenessProbe: { httpGet: { path: "/", port: 80, scheme: "HTTP" } } }),
    );
  });

  it("are taken over before a volume changes its source, whatever volumes stand between", () => {
    const volume = (source: JsonObject): JsonObject => ({ name: "v", ...source });
    const secret = { secretName: "s", defaultMode: 420 };
    const before = pod({}, { volumes: [volume({ secret: { secretName: "s" } })] });
    const live = pod({}, { volumes: [{ name: "injected", emptyDir: {} }, volume({ secret })] });
    const after = pod({}, { volumes: [volume({ configMap: { name: "c" } })] });
    expect(ownershipOfLeftovers(live, before, after)).toEqual(pod({}, { volumes: [volume({ secret })] }));
  });

  it("do not matter where nothing is dropped, where all is ours, or in metadata", () => {
    const object = (fields: JsonObject): JsonObject => ({ apiVersion: "v1", kind: "ConfigMap", ...fields });
    const before = object({ metadata: { annotations: { a: "1" } }, data: { a: "1" } });
    const live = object({ metadata: { annotations: { a: "1", theirs: "2" } }, data: { a: "1" } });
    expect(ownershipOfLeftovers(live, before, object({ metadata: {} }))).toBeUndefined();
    expect(ownershipOfLeftovers(live, before, before)).toBeUndefined();
  });
});
