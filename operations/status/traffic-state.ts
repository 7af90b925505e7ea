import { METRIC } from "../../runtime/contract/metric.ts";
import type { PlatformOutputs, ServiceOutput } from "../../stacks/platform-outputs.ts";
import type { PlatformStatus, ServiceStatus } from "./platform-status.ts";
import type { Problems } from "./problems.ts";
import type { PrometheusClient, Sample } from "./prometheus.ts";

/** Latencies, drift and alerts of the services of a stack. */
export interface TrafficState {
  latency(service: ServiceOutput): Pick<ServiceStatus, "p50Ms" | "p99Ms">;
  drift: PlatformStatus["drift"];
  alerts: PlatformStatus["alerts"];
}

/** Asks Prometheus for latencies, drift and alerts. Adds one problem where it does not answer. */
export async function trafficState(
  prometheus: PrometheusClient,
  { services }: Pick<PlatformOutputs, "services">,
  { problems, fix }: { problems: Problems; fix: string },
): Promise<TrafficState> {
  const ask = <T>(work: () => Promise<T[]>): Promise<T[]> =>
    problems.attempt({ about: "Prometheus", fix }, [], work);
  const query = (expression: string): Promise<Sample[]> => ask(() => prometheus.query(expression));
  const [p50, p99, psi, limits, rows, ran, alerts] = await Promise.all([
    query(latencyQuery(0.5)),
    query(latencyQuery(0.99)),
    query(METRIC.driftPsi),
    query(METRIC.driftPsiLimit),
    query(METRIC.driftWindowRows),
    query(METRIC.driftLastRun),
    ask(() => prometheus.alerts()),
  ]);
  return {
    latency: (service) => ({
      p50Ms: milliseconds(p50.find((sample) => isOf(service, sample))),
      p99Ms: milliseconds(p99.find((sample) => isOf(service, sample))),
    }),
    drift: services.flatMap((service) => {
      const own = (samples: Sample[]): Sample[] => samples.filter((sample) => isOf(service, sample));
      const [last] = own(ran);
      if (last === undefined) return [];
      const limitOf = ({ labels }: Sample): number | undefined =>
        own(limits).find((limit) => limit.labels["variable"] === labels["variable"])?.value;
      const share = (sample: Sample): number => sample.value / (limitOf(sample) ?? 1);
      const [worst] = own(psi).sort((a, b) => share(b) - share(a));
      return {
        name: service.name,
        environment: service.environment,
        maxPsi: worst?.value ?? null,
        limit: (worst === undefined ? undefined : limitOf(worst)) ?? null,
        variable: worst?.labels["variable"] ?? null,
        window: new Date(last.value * 1000).toISOString(),
        rows: own(rows)[0]?.value ?? 0,
      };
    }),
    alerts: alerts
      .filter(({ labels }) => labels["alertname"] !== "Watchdog")
      .map(({ labels, state }) => ({
        name: labels["alertname"] ?? "",
        state,
        severity: labels["severity"] ?? "none",
        labels,
      })),
  };
}

/** Returns the PromQL of a latency quantile by service, over all requests that the running pods have answered, on the paths of both protocols. */
export function latencyQuery(quantile: number): string {
  const requests = `${METRIC.restServerRequestDuration}_bucket{path=~".*(/infer|:predict)"}`;
  return `histogram_quantile(${quantile}, sum by (le, namespace, service) (${requests}))`;
}

/** Whether a sample belongs to a service: its environment matches, and its name, or its model where it has no name. */
function isOf({ namespace, name, model }: ServiceOutput, { labels }: Sample): boolean {
  if ((labels["environment"] ?? labels["namespace"]) !== namespace) return false;
  return labels["service"] === undefined ? labels["model"] === model : labels["service"] === name;
}

function milliseconds(sample: Sample | undefined): number | null {
  return sample === undefined || Number.isNaN(sample.value) ? null : Math.round(sample.value * 1e5) / 100;
}
