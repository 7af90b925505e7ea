import type { RuleGroup } from "./alert-rule.ts";

/** A service that must exist. Without this list, a service that is down would look healthy, because it has no metrics. */
export interface WatchedService {
  /** Name of the Kubernetes Service. */
  service: string;
  namespace: string;
  workload: string;
  model: string;
}

/** Recorded series with value 1 and labels {namespace, environment, service}, for each service that Prometheus watches now. */
const WATCHED = "slipway:watched_service";

/** Returns rules that record which services are watched, so that alerts know since when, and end when a service is removed. */
export function watchedServices(services: readonly WatchedService[]): RuleGroup {
  return {
    name: "slipway-watched",
    rules: services.map(({ namespace, service }) => ({
      record: WATCHED,
      expr: "vector(1)",
      labels: { namespace, environment: namespace, service },
    })),
  };
}

/**
 * Returns a query for the services that have been watched for `minutes`. An alert about a missing metric uses it instead of `for`, so
 * that a service that was just added is not pending either.
 */
export function watchedFor(minutes: number, labels: "namespace, service" | "environment, service"): string {
  return `max by (${labels}) (${WATCHED} and ${WATCHED} offset ${minutes}m)`;
}
