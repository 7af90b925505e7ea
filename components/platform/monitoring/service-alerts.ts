import { GREATEST_LATENCY_MS } from "../../../runtime/contract/latency-buckets.ts";
import { METRIC } from "../../../runtime/contract/metric.ts";
import { alertBuilder, type RecordingRule, type RuleGroup } from "./alert-rule.ts";
import { BURN_RATE_RANGES, BURN_RATE_WINDOWS, burnRateThreshold } from "./burn-rate.ts";
import { watchedFor } from "./watched-service.ts";

export interface ServiceAlertsOptions {
  /** Share of requests over 30 days that must succeed. */
  availability: number;
  /** Limit of the 99th percentile latency, in milliseconds. */
  p99Ms: number;
  runbook: string | undefined;
}

/** Name of the recorded error ratio of each inference service over a window. */
const errorRatio = (window: string): string => `slo:sli_error:ratio_rate${window}`;

/** Selects requests for predictions and metadata. Health probes and scrapes do not count. */
const REQUESTS = 'path!~"/v2/health.*|/metrics"';

/** Status code of a request whose caller closed the connection before the response. */
const CALLER_LEFT = "499";

/** Returns the rules about the availability and the latency of inference services. */
export function serviceAlerts({ availability, p99Ms, runbook }: ServiceAlertsOptions): RuleGroup[] {
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
        alert(
          "InferenceServiceDown",
          "critical",
          `${watchedFor(2, "namespace, service")} unless on (namespace, service) max_over_time(up[2m]) == 1`,
          undefined,
          {
            summary: "{{ $labels.namespace }}/{{ $labels.service }} has no pod that answers",
            description:
              "No pod of {{ $labels.namespace }}/{{ $labels.service }} has answered Prometheus for 2 minutes.",
          },
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
          `histogram_quantile(0.99, sum by (namespace, service, le) (rate(${METRIC.restServerRequestDuration}_bucket{${REQUESTS}}[5m]))) > ${latencyLimitSeconds(p99Ms)}`,
          "5m",
          {
            summary: "{{ $labels.namespace }}/{{ $labels.service }} is slow",
            description: `99th percentile of request time is {{ $value | humanizeDuration }}, over ${p99Ms} ms, for 5 minutes.`,
          },
        ),
        alert(
          "InferenceCallersLeave",
          "warning",
          `${requestRate(`${REQUESTS},status_code="${CALLER_LEFT}"`, "5m")} / ${requestRate(REQUESTS, "5m")} > 0.05`,
          "5m",
          {
            summary:
              "callers of {{ $labels.namespace }}/{{ $labels.service }} leave before they are answered",
            description:
              "{{ $value | humanizePercentage }} of requests were given up by their callers over 5 minutes.",
          },
        ),
      ],
    },
  ];
}

/**
 * Returns the limit of the 99th percentile in seconds. Throws if no percentile could exceed it: Prometheus reports a percentile beyond
 * the last bucket of the histogram as the bound of that bucket, so the alert would never fire.
 */
export function latencyLimitSeconds(p99Ms: number): number {
  if (!(p99Ms > 0 && p99Ms < GREATEST_LATENCY_MS))
    throw new Error(
      `p99Ms must be over 0 and under ${GREATEST_LATENCY_MS}, the longest time that the servers' histogram tells apart, got ${p99Ms}: use 250 or 1000`,
    );
  return p99Ms / 1000;
}

function requestRate(match: string, window: string): string {
  return `sum by (namespace, service) (rate(${METRIC.restServerRequests}{${match}}[${window}]))`;
}

function errorRatioRule(window: string): RecordingRule {
  return {
    record: errorRatio(window),
    expr: `${requestRate(`${REQUESTS},status_code=~"5.."`, window)} / ${requestRate(REQUESTS, window)}`,
    labels: { slo: "inference-availability" },
  };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;
