import type { AlertCase } from "./promtool.ts";

const target =
  'up{job="production/pushback",namespace="production",service="pushback",instance="10.88.0.9:8002"}';

const requests = (status: string, path = "/v2/models/pushback/infer"): string =>
  `rest_server_requests_total{namespace="production",service="pushback",method="POST",path="${path}",status_code="${status}"}`;

/** Series of the requests of the service that took at most `le` seconds. */
export const bucket = (le: string): string =>
  `rest_server_requests_duration_seconds_bucket{namespace="production",service="pushback",path="/v2/models/pushback/infer",le="${le}"}`;

/** Labels of the service that the cases watch. */
export const service = { namespace: "production", service: "pushback" };

const labelsOfTarget = { job: "production/pushback", ...service, instance: "10.88.0.9:8002" };

const burn = (severity: string, long: string, short: string): Record<string, string> => ({
  ...service,
  severity,
  slo: "inference-availability",
  long,
  short,
});

/** Histories of an inference service, for the alerts about its availability and latency. */
export const serviceAlertCases: AlertCase[] = [
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
];
