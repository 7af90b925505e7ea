import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { alertRules, type AlertRulesOptions } from "./alert-rules.ts";
import { gpuAlertRules } from "./gpu-alert-rules.ts";
import type { MetricsExporter } from "./metrics-exporter.ts";
import { prometheusConfig } from "./prometheus-config.ts";

export interface PrometheusFilesOptions {
  /** Exporters outside of the environments. @default none */
  exporters?: readonly MetricsExporter[];
  /** `host:port` of Alertmanager. */
  alertmanager: string;
  /** `host:port` of the Pushgateway. */
  pushgateway: string;
  /** Services to scrape, and the objectives of their alerts. */
  alerts: AlertRulesOptions;
  /** Seconds between scrapes and between evaluations of rules. */
  scrapeSeconds: number;
}

/** Returns the files that Prometheus reads, and a fingerprint of their content. */
export function prometheusFiles({
  exporters = [],
  alertmanager,
  pushgateway,
  alerts,
  scrapeSeconds,
}: PrometheusFilesOptions): { config: Record<string, string>; fingerprint: string } {
  const measuresGpus = exporters.some(({ measures }) => measures === "gpus");
  const groups = [...alertRules(alerts), ...(measuresGpus ? [gpuAlertRules(alerts.runbook)] : [])];
  const rules = stringify({ groups }, { lineWidth: 0 });
  const configWith = (fingerprint: string): string =>
    prometheusConfig({
      services: alerts.services,
      exporters,
      alertmanager,
      pushgateway,
      scrapeSeconds,
      fingerprint,
    });
  const fingerprint = createHash("sha256")
    .update(`${configWith("")}${rules}`)
    .digest("hex")
    .slice(0, 12);
  return { config: { "prometheus.yml": configWith(fingerprint), "rules.yml": rules }, fingerprint };
}
