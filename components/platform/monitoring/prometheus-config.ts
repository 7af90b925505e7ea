import { stringify } from "yaml";
import { PORT } from "../../../runtime/contract/port.ts";
import type { WatchedService } from "./alert-rules.ts";
import type { MetricsExporter } from "./metrics-exporter.ts";

export interface PrometheusConfigOptions {
  /** Services whose pods are scraped. */
  services: readonly WatchedService[];
  /** @default none */
  exporters?: readonly MetricsExporter[];
  /** `host:port` of Alertmanager and of the Pushgateway. */
  alertmanager: string;
  pushgateway: string;
  scrapeSeconds: number;
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
  const { services, exporters = [], alertmanager, pushgateway, scrapeSeconds } = options;
  return stringify(
    {
      global: { scrape_interval: `${scrapeSeconds}s`, evaluation_interval: `${scrapeSeconds}s` },
      rule_files: [`${PROMETHEUS_CONFIG_DIR}/rules.yml`],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      scrape_configs: [
        ...services.map(serviceScrape),
        ...exporters.map(exporterScrape),
        { job_name: "pushgateway", honor_labels: true, static_configs: [{ targets: [pushgateway] }] },
        { job_name: "alertmanager", static_configs: [{ targets: [alertmanager] }] },
        { job_name: "prometheus", static_configs: [{ targets: [`localhost:${PORT.prometheus}`] }] },
      ],
    },
    { aliasDuplicateObjects: false },
  );
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
