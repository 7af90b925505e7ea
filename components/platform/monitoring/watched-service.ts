import type { RuleGroup } from "./alert-rule.ts";

/** A service that should be there: without it, its silence would look like health. */
export interface WatchedService {
  /** Name of the Kubernetes Service. */
  service: string;
  namespace: string;
  workload: string;
  model: string;
}

/** Recorded series of 1 by {namespace, environment, service}: the services that this Prometheus watches at the moment. */
const WATCHED = "slipway:watched_service";

/** Records which services are watched, so that an alert knows since when, and ends when a service is removed. */
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
 * Services that have been watched for so many minutes. An alert about something that is missing waits with this instead of
 * `for`: a service that was just added is not even pending.
 */
export function watchedFor(minutes: number, labels: "namespace, service" | "environment, service"): string {
  return `max by (${labels}) (${WATCHED} and ${WATCHED} offset ${minutes}m)`;
}
