export type Severity = "critical" | "warning" | "info" | "none";

export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: Severity } & Record<string, string>;
  annotations: { summary: string; description: string; runbook_url: string };
}

export interface RecordingRule {
  record: string;
  expr: string;
  labels?: Record<string, string>;
}

export interface RuleGroup {
  name: string;
  rules: (AlertRule | RecordingRule)[];
}

/** Writes an alert. What waits is in the notation of Prometheus: `2m`. */
type AlertBuilder = (
  name: string,
  severity: Severity,
  expr: string,
  wait: string | undefined,
  says: { summary: string; description: string },
  labels?: Record<string, string>,
) => AlertRule;

/** Alerts whose `runbook_url` is an anchor of their name on that page, docs/alerts.md by default. */
export function alertBuilder(runbook = "docs/alerts.md"): AlertBuilder {
  return (name, severity, expr, wait, says, labels = {}) => ({
    alert: name,
    expr,
    ...(wait === undefined ? {} : { for: wait }),
    labels: { severity, ...labels },
    annotations: { ...says, runbook_url: `${runbook}#${name.toLowerCase()}` },
  });
}
