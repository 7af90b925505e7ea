import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { AlertRule, RuleGroup } from "../../../../components/platform/monitoring/alert-rule.ts";

const run = promisify(execFile);

/** A history of metrics, and the alerts that must fire. */
export interface AlertCase {
  title: string;
  alert: string;
  /** promtool's series notation at one sample a minute. */
  series: Record<string, string>;
  /** Time of the check, in minutes after the start. */
  at: number;
  /** Labels and texts of the alerts that fire. */
  fires: { labels: Record<string, string>; says: [summary: string, description: string] }[];
}

/** Runs a case with the `rules.yml` of a folder. Returns the output of promtool. */
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

/** Runs promtool. Returns its output, also if it fails. */
export async function promtool(...args: string[]): Promise<string> {
  try {
    return (await run("promtool", args)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return `${stdout ?? String(error)}${stderr ?? ""}`;
  }
}

/** Returns the alerts without a case in which they fire, or without one in which they are silent. */
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
