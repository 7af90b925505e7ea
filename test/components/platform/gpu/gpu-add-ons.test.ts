import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { DcgmExporter } from "../../../../components/platform/gpu/dcgm-exporter.ts";
import { GpuSystem } from "../../../../components/platform/gpu/gpu-system.ts";
import { NvidiaDevicePlugin } from "../../../../components/platform/gpu/nvidia-device-plugin.ts";
import { dcgmCounters } from "../../../../components/platform/monitoring/dcgm-counters.ts";
import { gpuAlertRules } from "../../../../components/platform/monitoring/gpu-alert-rules.ts";
import { find, list, record } from "../../record.ts";

const image = `registry.example.com/slipway/add-on@sha256:${"a".repeat(64)}`;
const build = () =>
  record(() => {
    const system = new GpuSystem("gpu-system", {});
    new NvidiaDevicePlugin("plugin", {
      system,
      image,
      pools: { whole: {}, turns: { timeSlicing: 4 }, parts: { mig: "1g.10gb" } },
    });
    return new DcgmExporter("dcgm", { system, image });
  });
const DAEMON = "kubernetes:apps/v1:DaemonSet";

interface Daemon {
  spec: { template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } } };
}
const daemon = (resources: Parameters<typeof find>[0], name: string) =>
  (find(resources, DAEMON, name) as unknown as Daemon).spec.template.spec;

test("the GPU add-ons are a namespace, an exporter of metrics, and a device plugin for each pool", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    `${DAEMON} dcgm-daemon`,
    `${DAEMON} plugin-parts-daemon`,
    `${DAEMON} plugin-turns-daemon`,
    `${DAEMON} plugin-whole-daemon`,
    "kubernetes:core/v1:ConfigMap dcgm-counters",
    "kubernetes:core/v1:ConfigMap plugin-parts-config",
    "kubernetes:core/v1:ConfigMap plugin-turns-config",
    "kubernetes:core/v1:ConfigMap plugin-whole-config",
    "kubernetes:core/v1:Namespace gpu-system-namespace",
    "kubernetes:core/v1:ResourceQuota gpu-system-critical",
    "kubernetes:core/v1:Service dcgm-service",
    "kubernetes:core/v1:ServiceAccount dcgm-account",
    "kubernetes:core/v1:ServiceAccount plugin-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy gpu-system-default-deny",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy gpu-system-scrape",
    "slipway:gpu:DcgmExporter dcgm",
    "slipway:gpu:GpuSystem gpu-system",
    "slipway:gpu:NvidiaDevicePlugin plugin",
  ]);
});

test("only their namespace is privileged, and only Prometheus may connect to it", async () => {
  const { resources } = await build();
  expect(find(resources, "kubernetes:core/v1:Namespace", "gpu-system-namespace")).toMatchObject({
    metadata: { name: "gpu-system", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
  });
  expect(find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "gpu-system-scrape")).toMatchObject(
    {
      spec: {
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
            ports: [{ protocol: "TCP", port: 9400 }],
          },
        ],
      },
    },
  );
});

test("they run only on nodes with GPUs, tolerate their taint, and request no GPU", async () => {
  const { resources } = await build();
  for (const name of ["dcgm-daemon", "plugin-whole-daemon"]) {
    const spec = daemon(resources, name);
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "slipway.dev/gpu-type", operator: "Exists" }] }],
          },
        },
      },
      tolerations: expect.arrayContaining([
        { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
      ]) as unknown,
    });
    expect(JSON.stringify(spec.containers[0]?.["resources"])).not.toContain("nvidia.com/gpu");
    expect(JSON.stringify(spec)).not.toContain('"privileged":true');
  }
});

test("a container gets a capability only if it needs one", async () => {
  const { resources } = await build();
  const capabilities = (name: string) =>
    (daemon(resources, name).containers[0]?.["securityContext"] as { capabilities: unknown }).capabilities;
  expect(capabilities("plugin-whole-daemon")).toEqual({ drop: ["ALL"] });
  expect(capabilities("plugin-turns-daemon")).toEqual({ drop: ["ALL"] });
  expect(capabilities("plugin-parts-daemon")).toEqual({ drop: ["ALL"], add: ["SYS_ADMIN"] });
  expect(capabilities("dcgm-daemon")).toEqual({ drop: ["ALL"], add: ["SYS_ADMIN"] });
});

test.each([
  ["whole", { version: "v1", flags: { migStrategy: "none", failOnInitError: false } }],
  ["parts", { version: "v1", flags: { migStrategy: "single", failOnInitError: false } }],
  [
    "turns",
    {
      version: "v1",
      flags: { migStrategy: "none", failOnInitError: false },
      sharing: {
        timeSlicing: { renameByDefault: false, resources: [{ name: "nvidia.com/gpu", replicas: 4 }] },
      },
    },
  ],
])(
  "the plugin of the pool %s has the sharing of the pool, and runs only on its nodes",
  async (pool, config) => {
    const { resources } = await build();
    const { data } = find(resources, "kubernetes:core/v1:ConfigMap", `plugin-${pool}-config`) as {
      data?: Record<string, string>;
    };
    expect(parse(data?.["config.yaml"] ?? "")).toEqual(config);
    expect(daemon(resources, `plugin-${pool}-daemon`)["nodeSelector"]).toEqual({ "slipway.dev/pool": pool });
  },
);

test("Prometheus finds all exporters by one host name", async () => {
  const { resources, result } = await build();
  expect(result.metrics).toEqual({
    name: "dcgm-exporter",
    namespace: "gpu-system",
    host: "dcgm-exporter.gpu-system.svc",
    port: 9400,
    measures: "gpus",
  });
  expect(find(resources, "kubernetes:core/v1:Service", "dcgm-service")).toMatchObject({
    metadata: { name: "dcgm-exporter" },
    spec: { clusterIP: "None" },
  });
});

test("each counter is one line of field, type and help", () => {
  const lines = dcgmCounters().trimEnd().split("\n");
  for (const line of lines) expect(line).toMatch(/^DCGM_(FI|EXP)_[A-Z0-9_]+, (gauge|counter), [^,]+\.$/);
  expect(new Set(lines.map((line) => line.split(",")[0])).size).toBe(lines.length);
});

test("the exporter reads every field that an alert uses", () => {
  const fields = dcgmCounters()
    .trimEnd()
    .split("\n")
    .map((line) => line.split(",")[0]);
  const asked = JSON.stringify(gpuAlertRules()).match(/DCGM_[A-Z0-9_]+/g) ?? [];
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.filter((field) => !fields.includes(field))).toEqual([]);
});

test("each alert has a heading on its page", () => {
  const page = readFileSync(new URL("../../../../docs/alerts.md", import.meta.url), "utf8");
  for (const rule of gpuAlertRules().rules) {
    if (!("alert" in rule)) throw new Error("slipway-gpu records nothing");
    expect(page).toContain(`\n## ${rule.alert}\n`);
  }
});
