import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { alertRules } from "../../../../components/platform/monitoring/alert-rules.ts";
import { alertmanagerConfig } from "../../../../components/platform/monitoring/alertmanager-config.ts";
import { prometheusConfig } from "../../../../components/platform/monitoring/prometheus-config.ts";
import { driftAlertCases } from "./drift-alert-cases.ts";
import { promtool, tryCase, untried, type AlertCase } from "./promtool.ts";
import { bucket, service, serviceAlertCases } from "./service-alert-cases.ts";

const run = promisify(execFile);
const services = [
  { service: "pushback", namespace: "production", workload: "flight-delays", model: "pushback" },
];
const groups = alertRules({ services });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-rules-"));
  await writeFile(join(folder, "rules.yml"), stringify({ groups }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cases: AlertCase[] = [
  ...serviceAlertCases,
  ...driftAlertCases,
  {
    title: "a loaded configuration raises no alert",
    alert: "PrometheusConfigNotLoaded",
    series: { 'prometheus_config_last_reload_successful{instance="localhost:9090"}': "0 0 1x20" },
    at: 20,
    fires: [],
  },
  {
    title: "a configuration that Prometheus refused raises an alert",
    alert: "PrometheusConfigNotLoaded",
    series: { 'prometheus_config_last_reload_successful{instance="localhost:9090"}': "1 0x20" },
    at: 10,
    fires: [
      {
        labels: { instance: "localhost:9090", severity: "warning" },
        says: [
          "Prometheus refused its new configuration",
          "localhost:9090 still uses its previous configuration: services that were added are not monitored.",
        ],
      },
    ],
  },
  {
    title: "the Watchdog always fires",
    alert: "Watchdog",
    series: { 'up{job="prometheus"}': "1x2" },
    at: 1,
    fires: [
      {
        labels: { severity: "none" },
        says: ["alerting works", "Always fires. If it is missing, Prometheus or Alertmanager is broken."],
      },
    ],
  },
];

test("every alert except the Watchdog fires in one case and stays silent in another", () => {
  expect(untried(groups, cases).filter((line) => line !== "Watchdog is silent")).toEqual([]);
});

test.each(cases)("$title", async (one) => {
  expect(await tryCase(folder, one)).toContain("SUCCESS");
});

test.each([5000, 6000, 0, -1, NaN])("refuses a p99 of %d ms, which no percentile could exceed", (p99Ms) => {
  expect(() => alertRules({ services, p99Ms })).toThrow(/^p99Ms must be over 0 and under 5000, .*, got /);
});

test("an alert with a p99 just under the greatest bucket fires for longer requests", async () => {
  const slow = await mkdtemp(join(tmpdir(), "slipway-rules-"));
  await writeFile(join(slow, "rules.yml"), stringify({ groups: alertRules({ services, p99Ms: 4999 }) }));
  const one: AlertCase = {
    title: "slow",
    alert: "InferenceLatencyHigh",
    series: { [bucket("2.5")]: "0x20", [bucket("5")]: "0x20", [bucket("+Inf")]: "0+10x20" },
    at: 20,
    fires: [
      {
        labels: { ...service, severity: "warning" },
        says: [
          "production/pushback is slow",
          "99th percentile of request time is 5s, over 4999 ms, for 5 minutes.",
        ],
      },
    ],
  };
  expect(await tryCase(slow, one)).toContain("SUCCESS");
  await rm(slow, { recursive: true });
});

test("promtool accepts the rules and the configuration", async () => {
  const config = prometheusConfig({
    services,
    alertmanager: "alertmanager.monitoring.svc:9093",
    pushgateway: "pushgateway.monitoring.svc:9091",
    scrapeSeconds: 15,
    fingerprint: "0123456789ab",
  }).replaceAll("/etc/prometheus", folder);
  await writeFile(join(folder, "prometheus.yml"), config);
  expect(await promtool("check", "config", join(folder, "prometheus.yml"))).toMatch(
    /SUCCESS: .*prometheus.yml is valid/,
  );
});

test("amtool accepts the routes, which send all alerts except the Watchdog to Slack", async () => {
  const file = join(folder, "alertmanager.yml");
  await writeFile(file, alertmanagerConfig({ groupWaitSeconds: 30, repeatMinutes: 720 }));
  const { stdout } = await run("amtool", ["check-config", file]);
  expect(stdout).toContain("SUCCESS");
  const route = async (...labels: string[]): Promise<string> =>
    (await run("amtool", ["config", "routes", "test", `--config.file=${file}`, ...labels])).stdout.trim();
  expect(await route("alertname=Watchdog", "severity=none")).toBe("none");
  expect(await route("alertname=TargetDown", "severity=critical")).toBe("slack");
  expect(await route("alertname=ModelDrift", "severity=warning")).toBe("slack");
});
