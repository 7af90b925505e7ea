import { expect, it } from "vitest";
import type { ServiceOutput } from "../../../stacks/platform-outputs.ts";
import { Problems } from "../../../operations/status/problems.ts";
import type { PrometheusClient, Sample } from "../../../operations/status/prometheus.ts";
import { latencyQuery, trafficState } from "../../../operations/status/traffic-state.ts";

const service = (environment: string, name: string, model: string): ServiceOutput => ({
  name,
  model,
  workload: "w",
  environment,
  namespace: environment,
  url: "http://x",
  publicUrl: null,
  address: "x:8080",
  digest: `sha256:${"a".repeat(64)}`,
  reference: "",
  driftJob: `${name}-drift`,
});
const services = [service("production", "fraud", "fraud"), service("production", "fraud-eu", "fraud")];

const ALERTS: { labels: Record<string, string>; state: string }[] = [
  { labels: { alertname: "Watchdog" }, state: "firing" },
  { labels: { alertname: "ModelDrift", severity: "warning", service: "fraud" }, state: "pending" },
];

function prometheus(answers: Record<string, Sample[]>): PrometheusClient {
  return {
    query: (expression) => Promise.resolve(answers[expression] ?? []),
    alerts: () => Promise.resolve(ALERTS),
  };
}

it("gives each service of an environment its own latency, and none to one without requests", async () => {
  const at = (value: number, name: string): Sample => ({
    labels: { namespace: "production", service: name },
    value,
  });
  const problems = new Problems();
  const traffic = await trafficState(
    prometheus({
      [latencyQuery(0.5)]: [at(0.0025, "fraud"), at(Number.NaN, "fraud-eu")],
      [latencyQuery(0.99)]: [at(0.08, "fraud")],
    }),
    { services },
    { problems, fix: "" },
  );
  expect(services.map((service) => traffic.latency(service))).toEqual([
    { p50Ms: 2.5, p99Ms: 80 },
    { p50Ms: null, p99Ms: null },
  ]);
  expect(traffic.alerts).toEqual([
    {
      name: "ModelDrift",
      state: "pending",
      severity: "warning",
      labels: { alertname: "ModelDrift", severity: "warning", service: "fraud" },
    },
  ]);
});

it("counts the answers of both protocols, by service", () => {
  expect(latencyQuery(0.5)).toContain('path=~".*(/infer|:predict)"');
  expect(latencyQuery(0.5)).toContain("sum by (le, namespace, service)");
});

it.each([
  ["by service", { environment: "production", model: "fraud", service: "fraud-eu" }, ["fraud-eu"]],
  [
    "by model alone, as older drift jobs push them",
    { environment: "production", model: "fraud" },
    ["fraud", "fraud-eu"],
  ],
  ["of another environment", { environment: "staging", model: "fraud" }, []],
])("assigns drift samples %s", async (_title, labels, names) => {
  const sample = (value: number, more = {}): Sample => ({ labels: { ...labels, ...more }, value });
  const traffic = await trafficState(
    prometheus({
      slipway_drift_last_run_timestamp_seconds: [sample(1_400_000_000)],
      slipway_drift_psi: [sample(0.9, { variable: "a" }), sample(0.4, { variable: "b" })],
      slipway_drift_psi_limit: [sample(1.5, { variable: "a" }), sample(0.25, { variable: "b" })],
      slipway_drift_window_rows: [sample(500)],
    }),
    { services },
    { problems: new Problems(), fix: "" },
  );
  expect(traffic.drift.map(({ name }) => name)).toEqual(names);
  for (const drift of traffic.drift)
    expect(drift).toMatchObject({ maxPsi: 0.4, limit: 0.25, variable: "b", rows: 500 });
});

it("says once that Prometheus does not answer", async () => {
  const problems = new Problems();
  const down = (): Promise<never> => Promise.reject(new Error("no answer within 10 s"));
  const traffic = await trafficState(
    { query: down, alerts: down },
    { services },
    { problems, fix: "npm run up" },
  );
  expect(traffic.drift).toEqual([]);
  expect(problems.list()).toEqual([
    { about: "Prometheus", reason: "no answer within 10 s", fix: "npm run up" },
  ]);
});
