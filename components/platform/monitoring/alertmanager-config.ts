import { stringify } from "yaml";

/** Key in a mounted Secret for the URL of the webhook, so that the configuration does not contain it. */
export const SLACK_URL_FILE = "url";

/** Folder where Alertmanager mounts that Secret. It cannot be inside the folder of the configuration, which is a read-only mount. */
export const SLACK_URL_DIR = "/run/slack-url";

export interface AlertmanagerConfigOptions {
  /** Seconds that a new group waits for more alerts. */
  groupWaitSeconds: number;
  /** Minutes until a firing alert is sent again; at most 60 for critical alerts. */
  repeatMinutes: number;
}

/**
 * Returns `alertmanager.yml`. It groups alerts by namespace and name and sends them to Slack. A critical alert silences a warning or
 * info alert of the same name and service, and a warning silences an info alert. The Watchdog is not sent: a monitor outside of the
 * cluster asks Alertmanager for it.
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
