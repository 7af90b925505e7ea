import { expect, it } from "vitest";
import type { PropertyMap } from "../../local/engine/values/property-value.ts";
import {
  namespace,
  create,
  diff,
  update,
  previewUpdate,
  refresh,
  remove,
  CONFIG_MAP,
  DEPLOYMENT,
  SKIP_AWAIT,
  deployment,
} from "./provider-harness.ts";

/** Tests of fields that the server sets, spells in its own way or drops. */
export function providerServerDefaults(): void {
  it("removes a server's default together with what it belongs to", async () => {
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
        metadata: { name: "unions", namespace, annotations: SKIP_AWAIT },
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
      const metadata = { ...(inputs["metadata"] as PropertyMap), annotations: SKIP_AWAIT };
      const wanted = { ...inputs, metadata };
      const made = await create(type, `same-${type}`, wanted);
      expect(await diff(await refresh(made), wanted), type).toMatchObject({
        changes: false,
        detailedDiff: {},
      });
      await remove(made);
    }
  });
}
