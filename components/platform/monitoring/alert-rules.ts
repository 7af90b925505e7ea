import { METRIC } from "../../../runtime/contract/metric.ts";
import { alertBuilder, type RecordingRule, type RuleGroup } from "./alert-rule.ts";
import { BURN_RATE_RANGES, BURN_RATE_WINDOWS, burnRateThreshold } from "./burn-rate.ts";

/** A service that should be there: without it, its silence would look like health. */
export interface WatchedService {
  /** Name of the Kubernetes Service. */
  service: string;
  namespace: string;
  workload: string;
  model: string;
}

export interface AlertRulesOptions {
  services: readonly WatchedService[];
  /** Share of requests that must not fail over 30 days; over 0.931. @default 0.999 */
  availability?: number;
  /** Milliseconds that 99 of 100 requests must stay under. @default 250 */
  p99Ms?: number;
  /** PSI from which a variable counts as drifted. @default 0.25 */
  driftThreshold?: number;
  /** Minutes between runs of the drift job. @default 5 */
  driftIntervalMinutes?: number;
  /** Page that explains each alert under an anchor of its name. @default "docs/alerts.md" */
  runbook?: string;
}

/** Recorded error ratio of the inference services over a window. */
const errorRatio = (window: string): string => `slo:sli_error:ratio_rate${window}`;

/** Requests for predictions and metadata: health probes are not what users see. */
const REQUESTS = 'path!~"/v2/health.*|/metrics"';

/** Prometheus rules of the platform. */
export function alertRules(options: AlertRulesOptions): RuleGroup[] {
  const { services, availability = 0.999, p99Ms = 250, runbook } = options;
  const { driftThreshold = 0.25, driftIntervalMinutes = 5 } = options;
  const alert = alertBuilder(runbook);
  return [
    { name: "slipway-slo", rules: BURN_RATE_RANGES.map(errorRatioRule) },
    {
      name: "slipway-availability",
      rules: [
        alert("TargetDown", "critical", "up == 0", "2m", {
          summary: "{{ $labels.job }} at {{ $labels.instance }} does not answer Prometheus",
          description: "{{ $labels.instance }} has not been scraped for 2 minutes.",
        }),
        ...services.map(({ namespace, service }) =>
          alert(
            "InferenceServiceDown",
            "critical",
            `absent(up{namespace="${namespace}",service="${service}"} == 1)`,
            "2m",
            {
              summary: `${namespace}/${service} has no pod that answers`,
              description: `No pod of ${namespace}/${service} has answered Prometheus for 2 minutes.`,
            },
            { namespace, service }, // absent() of a comparison has no labels
          ),
        ),
        ...BURN_RATE_WINDOWS.map(({ severity, long, short, factor, for: wait }) => {
          const limit = burnRateThreshold(availability, factor);
          return alert(
            "InferenceErrorBudgetBurn",
            severity,
            `${errorRatio(long)} > ${limit} and ${errorRatio(short)} > ${limit}`,
            wait,
            {
              summary: "{{ $labels.namespace }}/{{ $labels.service }} fails too many requests",
              description: `{{ $value | humanizePercentage }} of requests failed over ${long}: ${factor} times what the objective of ${percent(availability)} allows.`,
            },
            { long, short },
          );
        }),
      ],
    },
    {
      name: "slipway-latency",
      rules: [
        alert(
          "InferenceLatencyHigh",
          "warning",
          `histogram_quantile(0.99, sum by (namespace, service, le) (rate(${METRIC.restServerRequestDuration}_bucket{${REQUESTS}}[5m]))) > ${p99Ms / 1000}`,
          "5m",
          {
            summary: "{{ $labels.namespace }}/{{ $labels.service }} is slow",
            description: `99th percentile of request time is {{ $value | humanizeDuration }}, over ${p99Ms} ms, for 5 minutes.`,
          },
        ),
      ],
    },
    {
      name: "slipway-drift",
      rules: [
        alert(
          "ModelDrift",
          "warning",
          `max by (workload, model, environment) (${METRIC.driftPsi}) > ${driftThreshold}`,
          "1m",
          {
            summary: "{{ $labels.model }} in {{ $labels.environment }} sees data that it was not trained on",
            description: `Greatest PSI of a variable is {{ printf "%.2f" $value }}, over ${driftThreshold}.`,
          },
        ),
        alert(
          "DriftJobStale",
          "warning",
          `time() - ${METRIC.driftLastRun} > ${3 * driftIntervalMinutes * 60}`,
          "5m",
          {
            summary: "drift of {{ $labels.model }} in {{ $labels.environment }} is no longer measured",
            description: `The drift job last ended well {{ $value | humanizeDuration }} ago; it runs every ${driftIntervalMinutes} minutes.`,
          },
        ),
        ...services.map(({ workload, model, namespace }) =>
          alert(
            "DriftJobAbsent",
            "warning",
            `absent(${METRIC.driftLastRun}{workload="${workload}",model="${model}",environment="${namespace}"})`,
            `${3 * driftIntervalMinutes}m`,
            {
              summary: `drift of ${model} in ${namespace} is not measured`,
              description: `No run of the drift job has ended well since the Pushgateway started, at least ${3 * driftIntervalMinutes} minutes ago.`,
            },
          ),
        ),
        alert(
          "PredictionsLost",
          "warning",
          `sum by (namespace, service) (increase(${METRIC.predictionsLost}[10m])) > 0`,
          "1m",
          {
            summary: "{{ $labels.namespace }}/{{ $labels.service }} loses predictions of its log",
            description:
              '{{ printf "%.0f" $value }} predictions could not be logged in 10 minutes: drift is measured on fewer.',
          },
        ),
      ],
    },
    {
      name: "slipway-watchdog",
      rules: [
        alert("Watchdog", "none", "vector(1)", undefined, {
          summary: "alerting works",
          description: "Always fires. Where it is missing, Prometheus or Alertmanager is broken.",
        }),
      ],
    },
  ];
}

function errorRatioRule(window: string): RecordingRule {
  const rate = (match: string): string =>
    `sum by (namespace, service) (rate(${METRIC.restServerRequests}{${match}}[${window}]))`;
  return {
    record: errorRatio(window),
    expr: `${rate(`${REQUESTS},status_code=~"5.."`)} / ${rate(REQUESTS)}`,
    labels: { slo: "inference-availability" },
  };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;
