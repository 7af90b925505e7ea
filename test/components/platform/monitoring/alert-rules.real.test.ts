// One table of cases for one file of rules: it would not be easier to find a case in two.
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
const drift = (metric: string, variable?: string, of = "pushback"): string =>
  `${metric}{workload="flight-delays",model="pushback",environment="production",service="${of}",digest="sha256:1"${variable === undefined ? "" : `,variable="${variable}"`}}`;
/** Series of a drift report: PSI and limit of each variable, measured every five minutes. */
const report = (variables: Record<string, [psi: string, limit: string]>): Record<string, string> => ({
  [drift(LAST_RUN)]: "0x4 300x4 600x4 900x4",
  ...Object.fromEntries(
    Object.entries(variables).flatMap(([variable, [psi, limit]]) => [
      [drift("slipway_drift_psi", variable), psi],
      [drift("slipway_drift_psi_limit", variable), limit],
    ]),
  ),
});
const LAST_RUN = "slipway_drift_last_run_timestamp_seconds";
const service = { namespace: "production", service: "pushback" };
const watched = { environment: "production", service: "pushback" };
const model = { workload: "flight-delays", model: "pushback", ...watched };
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
    title: "a target that did not answer for two minutes is down",
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
    title: "a service with one pod that answers is not down, even if another does not answer",
    alert: "InferenceServiceDown",
    series: { [target]: "1x10", [target.replace("0.9:", "0.7:")]: "0x10" },
    at: 10,
    fires: [],
  },
  {
    title: "a service that was added a minute ago is not pending",
    alert: "InferenceServiceDown",
    series: { 'up{job="prometheus"}': "1x10" },
    at: 1,
    fires: [],
  },
  {
    title: "a service whose pods answered a minute ago is not down yet",
    alert: "InferenceServiceDown",
    series: { [target]: "1x8 0x10" },
    at: 10,
    fires: [],
  },
  {
    title: "a service whose pods stopped answering is down",
    alert: "InferenceServiceDown",
    series: { [target]: "1x8 0x10" },
    at: 11,
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
    title: "a service without requests burns no budget",
    alert: "InferenceErrorBudgetBurn",
    series: { [requests("200")]: "5x120", [requests("500")]: "5x120" },
    at: 120,
    fires: [],
  },
  {
    title: "two failures in a hundred burn the budget of one hour and of six hours, each after its own wait",
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
    title: "the first failures of a service count, because the server starts its series of 5xx at 0",
    alert: "InferenceErrorBudgetBurn",
    series: { [requests("200")]: "100x30", [requests("500")]: "0x10 50x20" },
    at: 13,
    fires: [
      {
        labels: burn("critical", "1h", "5m"),
        says: [
          "production/pushback fails too many requests",
          "100% of requests failed over 1h: 14.4 times what the objective of 99.9 % allows.",
        ],
      },
    ],
  },
  {
    title: "after the failures stop, the short windows end the fast alerts",
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
    title: "a few callers that leave early raise no alert",
    alert: "InferenceCallersLeave",
    series: { [requests("200")]: "0+960x20", [requests("499")]: "0+40x20" },
    at: 20,
    fires: [],
  },
  {
    title: "many callers that leave early raise an alert, even if no request failed",
    alert: "InferenceCallersLeave",
    series: { [requests("200")]: "0+90x20", [requests("499")]: "0+10x20" },
    at: 20,
    fires: [
      {
        labels: { ...service, severity: "warning" },
        says: [
          "callers of production/pushback leave before they are answered",
          "10% of requests were given up by their callers over 5 minutes.",
        ],
      },
    ],
  },
  {
    title: "a variable just under its own limit has not drifted, however high the limit is",
    alert: "ModelDrift",
    series: report({ temp: ["8.59x20", "8.6x20"], dep_delay: ["0.2499x20", "0.25x20"] }),
    at: 15,
    fires: [],
  },
  {
    title: "one drifted report is not enough",
    alert: "ModelDrift",
    series: report({ dep_delay: ["0.5x4 0.01x20", "0.25x20"] }),
    at: 8,
    fires: [],
  },
  {
    title:
      "a variable at its limit in two reports is drift, as the report says, and the alert names the worst one",
    alert: "ModelDrift",
    series: report({ dep_delay: ["0.25x20", "0.25x20"], temp: ["3x20", "8.6x20"] }),
    at: 7,
    fires: [
      {
        labels: { ...model, severity: "warning" },
        says: [
          "production/pushback sees data that pushback was not trained on",
          "dep_delay has drifted furthest: its PSI is 1.0 times its limit.",
        ],
      },
    ],
  },
  {
    title: "the last result of a drift job that no longer runs raises no alert",
    alert: "ModelDrift",
    series: { ...report({ dep_delay: ["0.5x60", "0.25x60"] }), [drift(LAST_RUN)]: "0x60" },
    at: 40,
    fires: [],
  },
  {
    title: "a drift job that ran ten minutes ago is not stale",
    alert: "DriftJobStale",
    series: { [drift(LAST_RUN)]: "0x30" },
    at: 10,
    fires: [],
  },
  {
    title: "a drift job that missed three runs is stale",
    alert: "DriftJobStale",
    series: { [drift(LAST_RUN)]: "0x30" },
    at: 22,
    fires: [
      {
        labels: { ...model, severity: "warning" },
        says: [
          "drift of production/pushback is no longer measured",
          "The drift job last succeeded 22m 0s ago; it runs every 5 minutes.",
        ],
      },
    ],
  },
  {
    title: "a drift job that ran is not absent",
    alert: "DriftJobAbsent",
    series: { [drift(LAST_RUN)]: "0x30" },
    at: 30,
    fires: [],
  },
  {
    title: "the drift job of a service that was added ten minutes ago is not absent yet",
    alert: "DriftJobAbsent",
    series: { 'up{job="prometheus"}': "1x30" },
    at: 14,
    fires: [],
  },
  {
    title: "the drift job of another service with the same model does not count",
    alert: "DriftJobAbsent",
    series: { [drift(LAST_RUN, undefined, "pushback-eu")]: "0x30" },
    at: 20,
    fires: [
      {
        labels: { ...watched, severity: "warning" },
        says: [
          "drift of production/pushback is not measured",
          "No run of the drift job has succeeded in 15 minutes.",
        ],
      },
    ],
  },
  {
    title: "a drift job that never ran is absent after three intervals",
    alert: "DriftJobAbsent",
    series: { 'up{job="prometheus"}': "1x30" },
    at: 16,
    fires: [
      {
        labels: { ...watched, severity: "warning" },
        says: [
          "drift of production/pushback is not measured",
          "No run of the drift job has succeeded in 15 minutes.",
        ],
      },
    ],
  },
  {
    title: "no alert if all predictions are logged",
    alert: "PredictionsLost",
    series: {
      'slipway_predictions_lost_total{namespace="production",service="pushback",model="pushback"}': "7x20",
    },
    at: 20,
    fires: [],
  },
  {
    title: "an alert if predictions could not be logged",
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
