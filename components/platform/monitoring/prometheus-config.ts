import { stringify } from "yaml";
import { PORT } from "../../../runtime/contract/port.ts";
import { METRIC } from "../../../runtime/contract/metric.ts";
import type { MetricsExporter } from "./metrics-exporter.ts";
import type { WatchedService } from "./watched-service.ts";

export interface PrometheusConfigOptions {
  /** Services whose pods are scraped. */
  services: readonly WatchedService[];
  /** @default none */
  exporters?: readonly MetricsExporter[];
  /** `host:port` of Alertmanager and of the Pushgateway. */
  alertmanager: string;
  pushgateway: string;
  scrapeSeconds: number;
  /** Told apart from the configuration before: a parameter of Prometheus' own target, which its API shows when it is loaded. */
  fingerprint: string;
}

/** Where Prometheus mounts its configuration and its rules. */
export const PROMETHEUS_CONFIG_DIR = "/etc/prometheus";

/** Name of the headless Service by which DNS tells Prometheus the pods of a service. */
export function metricsServiceName(service: string): string {
  return `${service}-metrics`;
}

/**
 * `prometheus.yml`. Pods are found by DNS, which every build of Prometheus can do (Debian's has no Kubernetes discovery)
 * and which needs no right in the cluster; what jobs pushed keeps the labels that they gave it.
 */
export function prometheusConfig(options: PrometheusConfigOptions): string {
  const { services, exporters = [], alertmanager, pushgateway, scrapeSeconds, fingerprint } = options;
  return stringify(
    {
      global: { scrape_interval: `${scrapeSeconds}s`, evaluation_interval: `${scrapeSeconds}s` },
      rule_files: [`${PROMETHEUS_CONFIG_DIR}/rules.yml`],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      scrape_configs: [
        ...services.map(serviceScrape),
        ...exporters.map(exporterScrape),
        pushgatewayScrape(services, pushgateway),
        { job_name: "alertmanager", static_configs: [{ targets: [alertmanager] }] },
        {
          job_name: "prometheus",
          params: { config: [fingerprint] },
          static_configs: [{ targets: [`localhost:${PORT.prometheus}`] }],
        },
      ],
    },
    { aliasDuplicateObjects: false },
  );
}

/**
 * The Pushgateway keeps what a job pushed, also of a service that was removed. Only series of services that are watched are
 * taken, so that alerts about a removed service end with it.
 */
function pushgatewayScrape(services: readonly WatchedService[], target: string): object {
  const drift = [METRIC.driftPsi, METRIC.driftPsiLimit, METRIC.driftWindowRows, METRIC.driftLastRun].join(
    "|",
  );
  const watched = services.map(({ namespace, service }) => `${namespace};${service}`).join("|");
  const removed = "__tmp_removed";
  return {
    job_name: "pushgateway",
    honor_labels: true,
    static_configs: [{ targets: [target] }],
    metric_relabel_configs: [
      { source_labels: ["__name__"], regex: drift, target_label: removed, replacement: "yes" },
      {
        source_labels: ["environment", "service"],
        regex: watched === "" ? "none" : watched,
        target_label: removed,
        replacement: "no",
      },
      { source_labels: [removed], regex: "yes", action: "drop" },
      { regex: removed, action: "labeldrop" },
    ],
  };
}

function exporterScrape({ name, host, port }: MetricsExporter): object {
  return {
    job_name: name,
    honor_labels: true, // the pod and namespace that a metric is about, not those of the exporter
    dns_sd_configs: [{ names: [host], type: "A", port, refresh_interval: "30s" }],
  };
}

function serviceScrape({ namespace, service }: WatchedService): object {
  const label = (target_label: string, replacement: string): object => ({ target_label, replacement });
  return {
    job_name: `${namespace}/${service}`,
    dns_sd_configs: [
      {
        names: [`${metricsServiceName(service)}.${namespace}.svc`],
        type: "A",
        port: PORT.metrics,
        refresh_interval: "10s",
      },
    ],
    relabel_configs: [label("namespace", namespace), label("service", service)],
  };
}
