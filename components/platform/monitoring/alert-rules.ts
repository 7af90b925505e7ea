import { alertBuilder, type RuleGroup } from "./alert-rule.ts";
import { driftAlerts } from "./drift-alerts.ts";
import { serviceAlerts } from "./service-alerts.ts";
import { watchedServices, type WatchedService } from "./watched-service.ts";

export interface AlertRulesOptions {
  services: readonly WatchedService[];
  /** Share of requests that must not fail over 30 days; over 0.931. @default 0.999 */
  availability?: number;
  /** Milliseconds that 99 of 100 requests must stay under; over 0, under 5000. @default 250 */
  p99Ms?: number;
  /** Minutes between runs of the drift job. @default 5 */
  driftIntervalMinutes?: number;
  /** Page that explains each alert under an anchor of its name. @default "docs/alerts.md" */
  runbook?: string;
}

/** Prometheus rules of the platform. Throws on an objective that no alert could tell from its breach. */
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
    description: "Always fires. Where it is missing, Prometheus or Alertmanager is broken.",
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
        "{{ $labels.instance }} goes on with the configuration before: added services are not watched.",
    },
  );
}
