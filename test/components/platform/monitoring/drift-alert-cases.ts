import type { AlertCase } from "./promtool.ts";
import { service } from "./service-alert-cases.ts";

const LAST_RUN = "slipway_drift_last_run_timestamp_seconds";

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

const watched = { environment: "production", service: "pushback" };

const model = { workload: "flight-delays", model: "pushback", ...watched };

/** Histories of a drift job and of the prediction log. */
export const driftAlertCases: AlertCase[] = [
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
];
