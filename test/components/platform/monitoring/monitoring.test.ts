import { expect, test } from "vitest";
import { parse } from "yaml";
import { AlertRoutes } from "../../../../components/platform/monitoring/alert-routes.ts";
import type { MonitoringArgs } from "../../../../components/platform/monitoring/monitoring.ts";
import { find, list, named, record, type Recorded } from "../../record.ts";
import { lock, monitoringOn, stage, watchedService } from "../../stage.ts";

const build = (args: Partial<MonitoringArgs> = {}) => record(() => monitoringOn(stage(), args));

const server = (resources: readonly Recorded[]): { args: string[] } => {
  const spec = find(resources, "kubernetes:apps/v1:StatefulSet", "watch-prometheus-server")["spec"];
  return (spec as { template: { spec: { containers: [{ args: string[] }] } } }).template.spec.containers[0];
};
const config = (resources: readonly Recorded[], file: string): unknown => {
  const { data } = find(resources, "kubernetes:core/v1:ConfigMap", "watch-prometheus-config");
  return parse((data as Record<string, string>)[file] ?? "");
};

/** Built with only the required arguments. */
const standard = await build();

test("monitoring is Prometheus with a volume, Alertmanager, the Pushgateway, and their network policies", async () => {
  const { resources, result } = standard;
  expect(list(named(resources, "watch"))).toEqual([
    "kubernetes:apps/v1:Deployment watch-alertmanager-deployment",
    "kubernetes:apps/v1:Deployment watch-pushgateway-deployment",
    "kubernetes:apps/v1:StatefulSet watch-prometheus-server",
    "kubernetes:batch/v1:Job watch-prometheus-reload",
    "kubernetes:core/v1:ConfigMap watch-prometheus-config",
    "kubernetes:core/v1:PersistentVolumeClaim watch-prometheus-data",
    "kubernetes:core/v1:Service watch-alertmanager-service",
    "kubernetes:core/v1:Service watch-prometheus-service",
    "kubernetes:core/v1:Service watch-pushgateway-service",
    "kubernetes:core/v1:ServiceAccount watch-alertmanager-account",
    "kubernetes:core/v1:ServiceAccount watch-prometheus-account",
    "kubernetes:core/v1:ServiceAccount watch-pushgateway-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy watch-prometheus-egress",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy watch-prometheus-scrape-platform",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy watch-prometheus-scrape-staging",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy watch-traffic",
    "slipway:monitoring:Monitoring watch",
    "slipway:monitoring:Prometheus watch-prometheus",
  ]);
  expect(result).toMatchObject({
    prometheusUrl: "http://prometheus.monitoring.svc:9090",
    alertmanagerUrl: "http://alertmanager.monitoring.svc:9093",
    pushgatewayUrl: "http://pushgateway.monitoring.svc:9091",
    environmentName: "monitoring",
  });
});

test("a new service changes no pod: the configuration changes in place, and a Job makes Prometheus load it", async () => {
  const added = { ...watchedService, service: "added" };
  const { resources } = await build({ alerts: { services: [watchedService, added] } });
  const of = (recorded: typeof resources, type: string, name: string): unknown => find(recorded, type, name);
  const set = "kubernetes:apps/v1:StatefulSet";
  expect(of(resources, set, "watch-prometheus-server")).toEqual(
    of(standard.resources, set, "watch-prometheus-server"),
  );
  const map = of(resources, "kubernetes:core/v1:ConfigMap", "watch-prometheus-config");
  expect(map).toMatchObject({ metadata: { name: "prometheus" } });
  expect(map).not.toHaveProperty("immutable");
  const fingerprints = [standard.resources, resources].map((recorded) => {
    const job = of(recorded, "kubernetes:batch/v1:Job", "watch-prometheus-reload") as {
      metadata: { name: string };
      spec: { template: { spec: { containers: { args: string[] }[] } } };
    };
    const args = job.spec.template.spec.containers[0]?.args ?? [];
    const fingerprint = args.at(-1) ?? "";
    expect(args.slice(0, -1)).toEqual([
      "reload-prometheus",
      "--url",
      "http://prometheus.monitoring.svc:9090",
      "--fingerprint",
    ]);
    expect(job.metadata.name).toBe(`prometheus-reload-${fingerprint}`);
    expect(JSON.stringify(config(recorded, "prometheus.yml"))).toContain(fingerprint);
    return fingerprint;
  });
  expect(new Set(fingerprints).size).toBe(2);
});

test("by default metrics are kept for 15 days on 5 GiB, and scraped every 15 seconds", async () => {
  const { resources } = standard;
  expect(server(resources).args).toEqual(
    expect.arrayContaining(["--storage.tsdb.retention.time=15d", "--storage.tsdb.retention.size=4608MB"]),
  );
  expect(config(resources, "prometheus.yml")).toMatchObject({
    global: { scrape_interval: "15s", evaluation_interval: "15s" },
  });
  const other = (await build({ retentionDays: 2, storageGib: 1, scrapeSeconds: 5 })).resources;
  expect(server(other).args).toEqual(
    expect.arrayContaining(["--storage.tsdb.retention.time=2d", "--storage.tsdb.retention.size=921MB"]),
  );
  expect(config(other, "prometheus.yml")).toMatchObject({ global: { scrape_interval: "5s" } });
});

test("every service is scraped by its host name, and pushed metrics keep the labels of the job", async () => {
  const { resources } = standard;
  expect(config(resources, "prometheus.yml")).toMatchObject({
    rule_files: ["/etc/prometheus/rules.yml"],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ["alertmanager.monitoring.svc:9093"] }] }] },
    scrape_configs: [
      {
        job_name: "staging/pushback",
        dns_sd_configs: [{ names: ["pushback-metrics.staging.svc"], type: "A", port: 8002 }],
        relabel_configs: [
          { target_label: "namespace", replacement: "staging" },
          { target_label: "service", replacement: "pushback" },
        ],
      },
      { job_name: "pushgateway", honor_labels: true },
      { job_name: "alertmanager" },
      { job_name: "prometheus" },
    ],
  });
});

test("an exporter is scraped at every address of its host name, and Prometheus may reach it", async () => {
  const exporter = { name: "dcgm", namespace: "gpu-system", host: "dcgm.gpu-system.svc", port: 9400 };
  const { resources } = await build({ exporters: [exporter] });
  const { scrape_configs: jobs } = config(resources, "prometheus.yml") as { scrape_configs: unknown[] };
  expect(jobs).toContainEqual({
    job_name: "dcgm",
    honor_labels: true,
    dns_sd_configs: [{ names: [exporter.host], type: "A", port: 9400, refresh_interval: "30s" }],
  });
  const policy = find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "watch-prometheus-egress")[
    "spec"
  ] as { egress: unknown[] };
  expect(policy.egress).toContainEqual({
    to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gpu-system" } } }],
    ports: [{ protocol: "TCP", port: 9400 }],
  });
});

test("an exporter that measures GPUs adds the alerts about GPUs, with the same runbook", async () => {
  const names = ({ resources }: { resources: readonly Recorded[] }): string[] =>
    (config(resources, "rules.yml") as { groups: { name: string }[] }).groups.map(({ name }) => name);
  const exporter = { name: "any", namespace: "gpu-system", host: "any.gpu-system.svc", port: 9400 };
  const alerts = { services: [], runbook: "https://runbooks.example/alerts" };
  const watched = await build({ exporters: [{ ...exporter, measures: "gpus" }], alerts });
  expect(names(watched)).toContain("slipway-gpu");
  expect(find(watched.resources, "kubernetes:core/v1:ConfigMap", "watch-prometheus-config")).toMatchObject({
    data: { "rules.yml": expect.stringContaining("https://runbooks.example/alerts#gpuidle") as string },
  });
  expect(names(await build({ exporters: [exporter] }))).not.toContain("slipway-gpu");
  expect(names(standard)).not.toContain("slipway-gpu");
});

test("no pod has a token of its service account", async () => {
  const { resources } = standard;
  const pods = named(resources, "watch").filter(({ type }) => type.startsWith("kubernetes:apps/"));
  expect(pods).toHaveLength(3);
  for (const { inputs } of pods)
    expect(inputs).toMatchObject({
      spec: {
        template: { spec: { automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } } },
      },
    });
});

test("Alertmanager reads its routes from the ConfigMap and the webhook from the Secret", async () => {
  const { resources } = standard;
  expect(find(resources, "kubernetes:apps/v1:Deployment", "watch-alertmanager-deployment")).toMatchObject({
    spec: {
      replicas: 1,
      template: {
        spec: {
          containers: [
            {
              image: `10.88.0.1:5000/slipway/alertmanager@${lock.images.alertmanager?.digest}`,
              volumeMounts: [
                { name: "config", mountPath: "/etc/alertmanager", readOnly: true },
                { name: "slack-url", mountPath: "/run/slack-url", readOnly: true },
                { name: "data", mountPath: "/alertmanager" },
              ],
            },
          ],
          volumes: [
            { name: "config", configMap: { name: "alerts-config-auto" } },
            { name: "slack-url", secret: { secretName: "alerts-slack-url-auto" } },
            { name: "data", emptyDir: { sizeLimit: "64Mi" } },
          ],
        },
      },
    },
  });
});

test("Alertmanager starts without a webhook that an operator or a person has still to fill", async () => {
  const { resources } = await record(() => {
    const parts = stage();
    const routes = new AlertRoutes("alerts", {
      environment: parts.monitoringEnvironment,
      slackUrlSecret: "slack-webhook",
    });
    return monitoringOn(parts, { routes });
  });
  expect(find(resources, "kubernetes:apps/v1:Deployment", "watch-alertmanager-deployment")).toMatchObject({
    spec: {
      template: {
        spec: {
          volumes: [
            { name: "config" },
            { name: "slack-url", secret: { secretName: "slack-webhook", optional: true } },
            { name: "data" },
          ],
        },
      },
    },
  });
});

test.each([
  [{ retentionDays: 0 }, "watch-prometheus: retentionDays must be at least 1, got 0"],
  [{ storageGib: 0 }, "watch-prometheus: storageGib must be at least 1, got 0"],
  [{ scrapeSeconds: 4 }, "watch-prometheus: scrapeSeconds must be at least 5, got 4"],
])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
