import { stringify } from "yaml";

/** Key of the mounted Secret that holds the webhook's URL: it is never part of the configuration itself. */
export const SLACK_URL_FILE = "url";

/** Where Alertmanager mounts that Secret: not below its configuration, for nothing can be mounted within a read-only mount. */
export const SLACK_URL_DIR = "/run/slack-url";

export interface AlertmanagerConfigOptions {
  groupWaitSeconds: number;
  repeatMinutes: number;
}

/**
 * `alertmanager.yml`: groups by namespace, lets a critical alert silence lesser ones of the same name and a warning the
 * informational ones, and sends to Slack. The Watchdog goes nowhere: whoever watches from outside asks Alertmanager for it.
 */
export function alertmanagerConfig({ groupWaitSeconds, repeatMinutes }: AlertmanagerConfigOptions): string {
  return stringify({
    route: {
      receiver: "slack",
      group_by: ["namespace", "alertname"],
      group_wait: `${groupWaitSeconds}s`,
      group_interval: "5m",
      repeat_interval: `${repeatMinutes}m`,
      routes: [
        { receiver: "none", matchers: ['alertname = "Watchdog"'] },
        {
          receiver: "slack",
          matchers: ['severity = "critical"'],
          repeat_interval: `${Math.min(60, repeatMinutes)}m`,
        },
      ],
    },
    inhibit_rules: [
      {
        source_matchers: ['severity = "critical"'],
        target_matchers: ['severity =~ "warning|info"'],
        equal: ["namespace", "alertname", "service"],
      },
      {
        source_matchers: ['severity = "warning"'],
        target_matchers: ['severity = "info"'],
        equal: ["namespace", "alertname", "service"],
      },
    ],
    receivers: [
      { name: "none" },
      {
        name: "slack",
        slack_configs: [
          {
            api_url_file: `${SLACK_URL_DIR}/${SLACK_URL_FILE}`,
            send_resolved: true,
            title:
              '{{ if eq .Status "firing" }}{{ .CommonLabels.severity }}{{ else }}resolved{{ end }}: {{ .CommonLabels.alertname }} ({{ .Alerts | len }})',
            text: "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}",
          },
        ],
      },
    ],
  });
}
