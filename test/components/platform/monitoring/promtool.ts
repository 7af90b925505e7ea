import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { AlertRule, RuleGroup } from "../../../../components/platform/monitoring/alert-rule.ts";

const run = promisify(execFile);

/** What an alert does about a history of metrics. */
export interface AlertCase {
  title: string;
  alert: string;
  /** promtool's series notation at one sample a minute. */
  series: Record<string, string>;
  /** Minutes after the start. */
  at: number;
  /** Labels of the alerts that fire, and what they say. */
  fires: { labels: Record<string, string>; says: [summary: string, description: string] }[];
}

/** What promtool says of a case, given a folder with `rules.yml`. */
export async function tryCase(folder: string, one: AlertCase): Promise<string> {
  const { title, alert, series, at, fires } = one;
  const expected = fires.map(({ labels, says: [summary, description] }) => ({
    exp_labels: labels,
    exp_annotations: { summary, description, runbook_url: `docs/alerts.md#${alert.toLowerCase()}` },
  }));
  const suite = {
    rule_files: ["rules.yml"],
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [{ eval_time: `${at}m`, alertname: alert, exp_alerts: expected }],
      },
    ],
  };
  const file = join(folder, `${title.replaceAll(/\W+/g, "-").slice(0, 60)}.yml`);
  await writeFile(file, stringify(suite));
  return promtool("test", "rules", file);
}

/** What promtool says on stdout; it says failures there too, and only then exits with 1. */
export async function promtool(...args: string[]): Promise<string> {
  try {
    return (await run("promtool", args)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return `${stdout ?? String(error)}${stderr ?? ""}`;
  }
}

/** Alerts that fire in no case, or are silent in none. */
export function untried(groups: readonly RuleGroup[], cases: readonly AlertCase[]): string[] {
  const alerts = groups.flatMap(({ rules }) => rules).filter((rule): rule is AlertRule => "alert" in rule);
  return [...new Set(alerts.map(({ alert }) => alert))].flatMap((alert) => {
    const own = cases.filter((one) => one.alert === alert);
    return [
      ...(own.some(({ fires }) => fires.length > 0) ? [] : [`${alert} fires`]),
      ...(own.some(({ fires }) => fires.length === 0) ? [] : [`${alert} is silent`]),
    ];
  });
}
