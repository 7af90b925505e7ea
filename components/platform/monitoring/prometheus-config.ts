import { stringify } from "yaml";
import { PORT } from "../../../runtime/contract/port.ts";
import { METRIC } from "../../../runtime/contract/metric.ts";
import type { MetricsExporter } from "./metrics-exporter.ts";
import type { WatchedService } from "./watched-service.ts";

export interface PrometheusConfigOptions {
  /** Services whose pods are scraped. */
  services: readonly WatchedService[];
  /** Exporters outside of the environments. @default none */
  exporters?: readonly MetricsExporter[];
  /** `host:port` of Alertmanager. */
  alertmanager: string;
  /** `host:port` of the Pushgateway. */
  pushgateway: string;
  /** Seconds between scrapes and between evaluations of rules. */
  scrapeSeconds: number;
  /** Identifies the configuration. It is a parameter of Prometheus' own scrape target, so the API shows it once it is loaded. */
  fingerprint: string;
}

/** Folder where Prometheus mounts its configuration and its rules. */
export const PROMETHEUS_CONFIG_DIR = "/etc/prometheus";

/** Returns the name of the headless Service by which Prometheus finds the pods of a service. */
export function metricsServiceName(service: string): string {
  return `${service}-metrics`;
}

/**
 * Returns `prometheus.yml`. Prometheus finds pods by DNS, which every build supports (Debian's has no Kubernetes discovery) and which
 * needs no rights in the cluster. Metrics that jobs pushed keep the labels of the job.
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
 * Scrapes the Pushgateway, which keeps the metrics of a service even after the service was removed. Drops the drift series of services
 * that are not watched, so that alerts about a removed service end.
 */
function pushgatewayScrape(services: readonly WatchedService[], target: string): object {
  const driftSeries = [
    METRIC.driftPsi,
    METRIC.driftPsiLimit,
    METRIC.driftWindowRows,
    METRIC.driftLastRun,
  ].join("|");
  const watched = services.map(({ namespace, service }) => `${namespace};${service}`).join("|");
  const removedLabel = "__tmp_removed";
  return {
    job_name: "pushgateway",
    honor_labels: true,
    static_configs: [{ targets: [target] }],
    metric_relabel_configs: [
      { source_labels: ["__name__"], regex: driftSeries, target_label: removedLabel, replacement: "yes" },
      {
        source_labels: ["environment", "service"],
        regex: watched === "" ? "none" : watched,
        target_label: removedLabel,
        replacement: "no",
      },
      { source_labels: [removedLabel], regex: "yes", action: "drop" },
      { regex: removedLabel, action: "labeldrop" },
    ],
  };
}

function exporterScrape({ name, host, port }: MetricsExporter): object {
  return {
    job_name: name,
    honor_labels: true, // keeps the pod and namespace that a metric is about, not those of the exporter
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
