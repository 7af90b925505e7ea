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

/** Returns an alert. `wait` is its `for`, such as `2m`. */
type AlertBuilder = (
  name: string,
  severity: Severity,
  expr: string,
  wait: string | undefined,
  texts: { summary: string; description: string },
  labels?: Record<string, string>,
) => AlertRule;

/** Returns a builder of alerts whose `runbook_url` is an anchor with their name on the page `runbook`. */
export function alertBuilder(runbook = "docs/alerts.md"): AlertBuilder {
  return (name, severity, expr, wait, texts, labels = {}) => ({
    alert: name,
    expr,
    ...(wait === undefined ? {} : { for: wait }),
    labels: { severity, ...labels },
    annotations: { ...texts, runbook_url: `${runbook}#${name.toLowerCase()}` },
  });
}
