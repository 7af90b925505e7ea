import type { types } from "@pulumi/kubernetes";

/** Time for endpoints to forget a pod before it is told to stop. */
export const PRE_STOP_SECONDS = 5;

/** Time past the drain before the kubelet kills: the server ends by itself well within it. */
export const GRACE_MARGIN_SECONDS = 15;

export interface DrainLifecycle {
  terminationGracePeriodSeconds: number;
  lifecycle: types.input.core.v1.Lifecycle;
}

/**
 * How a pod leaves: it goes on serving while it is taken out of the endpoints, gets SIGTERM, drains, ends.
 * The grace period covers all of that and a margin.
 */
export function drainLifecycle(drainSeconds: number): DrainLifecycle {
  return {
    terminationGracePeriodSeconds: PRE_STOP_SECONDS + Math.ceil(drainSeconds) + GRACE_MARGIN_SECONDS,
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
  };
}
