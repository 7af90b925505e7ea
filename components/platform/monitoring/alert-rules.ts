import { alertBuilder, type RuleGroup } from "./alert-rule.ts";
import { driftAlerts } from "./drift-alerts.ts";
import { serviceAlerts } from "./service-alerts.ts";
import { watchedServices, type WatchedService } from "./watched-service.ts";

export interface AlertRulesOptions {
  services: readonly WatchedService[];
  /** Share of requests that must not fail over 30 days; over 0.931. @default 0.999 */
  availability?: number;
  /** Limit of the 99th percentile latency in milliseconds; over 0, under 5000. @default 250 */
  p99Ms?: number;
  /** Minutes between runs of the drift job. @default 5 */
  driftIntervalMinutes?: number;
  /** Page that explains each alert under an anchor with its name. @default "docs/alerts.md" */
  runbook?: string;
}

/** Returns the Prometheus rules of the platform. Throws for an objective whose alert could never fire. */
export function alertRules(options: AlertRulesOptions): RuleGroup[] {
  const { services, availability = 0.999, p99Ms = 250, driftIntervalMinutes = 5, runbook } = options;
  return [
    watchedServices(services),
    ...serviceAlerts({ availability, p99Ms, runbook }),
    driftAlerts({ intervalMinutes: driftIntervalMinutes, runbook }),
    {
      name: "slipway-watchdog",
      rules: [watchdog(runbook), configNotLoaded(runbook)],
    },
  ];
}

function watchdog(runbook: string | undefined): RuleGroup["rules"][number] {
  return alertBuilder(runbook)("Watchdog", "none", "vector(1)", undefined, {
    summary: "alerting works",
    description: "Always fires. If it is missing, Prometheus or Alertmanager is broken.",
  });
}

function configNotLoaded(runbook: string | undefined): RuleGroup["rules"][number] {
  return alertBuilder(runbook)(
    "PrometheusConfigNotLoaded",
    "warning",
    "prometheus_config_last_reload_successful == 0",
    "5m",
    {
      summary: "Prometheus refused its new configuration",
      description:
        "{{ $labels.instance }} still uses its previous configuration: services that were added are not monitored.",
    },
  );
}
