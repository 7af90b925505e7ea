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
import { promtool, tryCase, untried, type AlertCase } from "./promtool.ts";

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

const target =
  'up{job="production/pushback",namespace="production",service="pushback",instance="10.88.0.9:8002"}';
const requests = (status: string, path = "/v2/models/pushback/infer"): string =>
  `rest_server_requests_total{namespace="production",service="pushback",method="POST",path="${path}",status_code="${status}"}`;
const bucket = (le: string): string =>
  `rest_server_requests_duration_seconds_bucket{namespace="production",service="pushback",path="/v2/models/pushback/infer",le="${le}"}`;
const drift = (metric: string, variable?: string): string =>
  `${metric}{workload="flight-delays",model="pushback",environment="production"${variable === undefined ? "" : `,variable="${variable}"`}}`;
const service = { namespace: "production", service: "pushback" };
const model = { workload: "flight-delays", model: "pushback", environment: "production" };
const labelsOfTarget = { job: "production/pushback", ...service, instance: "10.88.0.9:8002" };
const burn = (severity: string, long: string, short: string): Record<string, string> => ({
  ...service,
  severity,
  slo: "inference-availability",
  long,
  short,
});

const cases: AlertCase[] = [
  {
    title: "a target that answers is not down",
    alert: "TargetDown",
    series: { [target]: "1x10" },
    at: 10,
    fires: [],
  },
  {
    title: "a target that missed one scrape is not down yet",
    alert: "TargetDown",
    series: { [target]: "1 1 1 0 0" },
    at: 4,
    fires: [],
  },
  {
    title: "a target that was silent for two minutes is down",
    alert: "TargetDown",
    series: { [target]: "1 1 0x10" },
    at: 5,
    fires: [
      {
        labels: { ...labelsOfTarget, severity: "critical" },
        says: [
          "production/pushback at 10.88.0.9:8002 does not answer Prometheus",
          "10.88.0.9:8002 has not been scraped for 2 minutes.",
        ],
      },
    ],
  },
  {
    title: "a service with one pod that answers is there, though another does not",
    alert: "InferenceServiceDown",
    series: { [target]: "1x10", [target.replace("0.9:", "0.7:")]: "0x10" },
    at: 10,
    fires: [],
  },
  {
    title: "a service without any pod is down",
    alert: "InferenceServiceDown",
    series: { 'up{job="prometheus"}': "1x10" },
    at: 5,
    fires: [
      {
        labels: { ...service, severity: "critical" },
        says: [
          "production/pushback has no pod that answers",
          "No pod of production/pushback has answered Prometheus for 2 minutes.",
        ],
      },
    ],
  },
  {
    title: "one failure in ten thousand is within the budget",
    alert: "InferenceErrorBudgetBurn",
    series: { [requests("200")]: "0+10000x120", [requests("500")]: "0+1x120" },
    at: 120,
    fires: [],
  },
  {
    title: "wrong requests do not burn the budget",
    alert: "InferenceErrorBudgetBurn",
    series: { [requests("200")]: "0+100x120", [requests("400")]: "0+900x120" },
    at: 120,
    fires: [],
  },
  {
    title: "failing health probes do not burn the budget",
    alert: "InferenceErrorBudgetBurn",
    series: { [requests("200")]: "0+100x120", [requests("503", "/v2/health/ready")]: "0+900x120" },
    at: 120,
    fires: [],
  },
  {
    title: "a service that nobody calls burns nothing",
    alert: "InferenceErrorBudgetBurn",
    series: { [requests("200")]: "5x120", [requests("500")]: "5x120" },
    at: 120,
    fires: [],
  },
  {
    title: "two failures in a hundred burn the budget of an hour and of six, but fire after the wait of each",
    alert: "InferenceErrorBudgetBurn",
    series: { [requests("200")]: "0+98x10", [requests("500")]: "0+2x10" },
    at: 5,
    fires: [
      {
        labels: burn("critical", "1h", "5m"),
        says: [
          "production/pushback fails too many requests",
          "2% of requests failed over 1h: 14.4 times what the objective of 99.9 % allows.",
        ],
      },
    ],
  },
  {
    title: "after the failures stopped, the short windows end the fast alerts",
    alert: "InferenceErrorBudgetBurn",
    series: { [requests("200")]: "0+98x30 2940+100x45", [requests("500")]: "0+2x30 60+0x45" },
    at: 55,
    fires: [],
  },
  {
    title:
      "two failures in a thousand fire only the slow pair: one that burns the budget at its own pace and no more",
    alert: "InferenceErrorBudgetBurn",
    series: { [requests("200")]: "0+9980x450", [requests("500")]: "0+20x450" },
    at: 449,
    fires: [
      {
        labels: burn("warning", "3d", "6h"),
        says: [
          "production/pushback fails too many requests",
          "0.2% of requests failed over 3d: 1 times what the objective of 99.9 % allows.",
        ],
      },
    ],
  },
  {
    title: "a p99 of a hundred milliseconds is fast enough",
    alert: "InferenceLatencyHigh",
    series: { [bucket("0.1")]: "0+1000x20", [bucket("1")]: "0+1000x20", [bucket("+Inf")]: "0+1000x20" },
    at: 20,
    fires: [],
  },
  {
    title: "a p99 of nearly a second is slow",
    alert: "InferenceLatencyHigh",
    series: { [bucket("0.1")]: "0+900x20", [bucket("1")]: "0+1000x20", [bucket("+Inf")]: "0+1000x20" },
    at: 20,
    fires: [
      {
        labels: { ...service, severity: "warning" },
        says: [
          "production/pushback is slow",
          "99th percentile of request time is 910ms, over 250 ms, for 5 minutes.",
        ],
      },
    ],
  },
  {
    title: "PSI at the threshold is no drift",
    alert: "ModelDrift",
    series: {
      [drift("slipway_drift_psi", "dep_delay")]: "0.25x10",
      [drift("slipway_drift_psi", "score")]: "0.01x10",
    },
    at: 10,
    fires: [],
  },
  {
    title: "one variable over the threshold is drift of its model",
    alert: "ModelDrift",
    series: {
      [drift("slipway_drift_psi", "dep_delay")]: "0.31x10",
      [drift("slipway_drift_psi", "score")]: "0.01x10",
    },
    at: 2,
    fires: [
      {
        labels: { ...model, severity: "warning" },
        says: [
          "pushback in production sees data that it was not trained on",
          "Greatest PSI of a variable is 0.31, over 0.25.",
        ],
      },
    ],
  },
  {
    title: "a drift job that ran ten minutes ago is not stale",
    alert: "DriftJobStale",
    series: { [drift("slipway_drift_last_run_timestamp_seconds")]: "0x30" },
    at: 10,
    fires: [],
  },
  {
    title: "a drift job that missed three runs is stale",
    alert: "DriftJobStale",
    series: { [drift("slipway_drift_last_run_timestamp_seconds")]: "0x30" },
    at: 22,
    fires: [
      {
        labels: { ...model, severity: "warning" },
        says: [
          "drift of pushback in production is no longer measured",
          "The drift job last ended well 22m 0s ago; it runs every 5 minutes.",
        ],
      },
    ],
  },
  {
    title: "a drift job that ran is not absent",
    alert: "DriftJobAbsent",
    series: { [drift("slipway_drift_last_run_timestamp_seconds")]: "0x30" },
    at: 30,
    fires: [],
  },
  {
    title: "a drift job that never ran is absent after the time of three runs",
    alert: "DriftJobAbsent",
    series: { 'up{job="prometheus"}': "1x30" },
    at: 16,
    fires: [
      {
        labels: { ...model, severity: "warning" },
        says: [
          "drift of pushback in production is not measured",
          "No run of the drift job has ended well since the Pushgateway started, at least 15 minutes ago.",
        ],
      },
    ],
  },
  {
    title: "predictions that all get logged are not lost",
    alert: "PredictionsLost",
    series: {
      'slipway_predictions_lost_total{namespace="production",service="pushback",model="pushback"}': "7x20",
    },
    at: 20,
    fires: [],
  },
  {
    title: "predictions that could not be logged are lost",
    alert: "PredictionsLost",
    series: {
      'slipway_predictions_lost_total{namespace="production",service="pushback",model="pushback"}':
        "0 0 0+5x20",
    },
    at: 10,
    fires: [
      {
        labels: { ...service, severity: "warning" },
        says: [
          "production/pushback loses predictions of its log",
          "40 predictions could not be logged in 10 minutes: drift is measured on fewer.",
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
        says: ["alerting works", "Always fires. Where it is missing, Prometheus or Alertmanager is broken."],
      },
    ],
  },
];

test("every alert fires in one case and stays silent in another, but for the Watchdog", () => {
  expect(untried(groups, cases).filter((line) => line !== "Watchdog is silent")).toEqual([]);
});

test.each(cases)("$title", async (one) => {
  expect(await tryCase(folder, one)).toContain("SUCCESS");
});

test("promtool accepts the rules and the configuration", async () => {
  const config = prometheusConfig({
    services,
    alertmanager: "alertmanager.monitoring.svc:9093",
    pushgateway: "pushgateway.monitoring.svc:9091",
    scrapeSeconds: 15,
  }).replaceAll("/etc/prometheus", folder);
  await writeFile(join(folder, "prometheus.yml"), config);
  expect(await promtool("check", "config", join(folder, "prometheus.yml"))).toMatch(
    /SUCCESS: .*prometheus.yml is valid/,
  );
});

test("amtool accepts the routing, and sends the Watchdog nowhere and the rest to Slack", async () => {
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
