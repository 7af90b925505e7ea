import { stringify } from "yaml";
import { PORT } from "../../runtime/contract/port.ts";

export interface PrometheusConfigOptions {
  /** Namespaces whose pods are found by their `prometheus.io/*` annotations. */
  namespaces: readonly string[];
  /** `host:port` of Alertmanager and of the Pushgateway. */
  alertmanager: string;
  pushgateway: string;
  scrapeSeconds: number;
}

/** Where Prometheus mounts its configuration and its rules. */
export const PROMETHEUS_CONFIG_DIR = "/etc/prometheus";

/** `prometheus.yml`: every pod that asks to be scraped, the Pushgateway with the labels of those who pushed, and itself. */
export function prometheusConfig(options: PrometheusConfigOptions): string {
  const { namespaces, alertmanager, pushgateway, scrapeSeconds } = options;
  return stringify(
    {
      global: { scrape_interval: `${scrapeSeconds}s`, evaluation_interval: `${scrapeSeconds}s` },
      rule_files: [`${PROMETHEUS_CONFIG_DIR}/rules.yml`],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      scrape_configs: [
        {
          job_name: "pods",
          kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [...namespaces] } }],
          relabel_configs: podRelabeling,
        },
        { job_name: "pushgateway", honor_labels: true, static_configs: [{ targets: [pushgateway] }] },
        { job_name: "alertmanager", static_configs: [{ targets: [alertmanager] }] },
        { job_name: "prometheus", static_configs: [{ targets: [`localhost:${PORT.prometheus}`] }] },
      ],
    },
    { aliasDuplicateObjects: false },
  );
}

const annotation = (name: string): string => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;
const label = (name: string): string => `__meta_kubernetes_pod_label_app_kubernetes_io_${name}`;

const podRelabeling = [
  { source_labels: [annotation("scrape")], action: "keep", regex: "true" },
  // A pod that has ended keeps its annotations and its address for a while: it is no target that is down.
  { source_labels: ["__meta_kubernetes_pod_phase"], action: "drop", regex: "Succeeded|Failed" },
  // One target per pod, whatever ports its containers name.
  {
    source_labels: ["__meta_kubernetes_pod_ip", annotation("port")],
    separator: ":",
    target_label: "__address__",
  },
  { source_labels: [annotation("path")], regex: "(.+)", target_label: "__metrics_path__" },
  { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
  { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
  { source_labels: [label("name")], target_label: "service" },
  { source_labels: [label("component")], target_label: "component" },
];
