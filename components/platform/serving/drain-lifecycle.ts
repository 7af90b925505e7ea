import type { types } from "@pulumi/kubernetes";

/** Seconds that a pod serves on before it gets SIGTERM, while Kubernetes removes it from the endpoints. */
export const PRE_STOP_SECONDS = 5;

/** Seconds after the drain before the kubelet kills the pod. The server normally ends well before that. */
export const GRACE_MARGIN_SECONDS = 15;

export interface DrainLifecycle {
  terminationGracePeriodSeconds: number;
  lifecycle: types.input.core.v1.Lifecycle;
}

/**
 * Returns the settings by which a pod shuts down: it serves on until it is out of the endpoints, gets SIGTERM, finishes its requests
 * within `drainSeconds`, and ends. The grace period covers all of this and a margin.
 */
export function drainLifecycle(drainSeconds: number): DrainLifecycle {
  return {
    terminationGracePeriodSeconds: PRE_STOP_SECONDS + Math.ceil(drainSeconds) + GRACE_MARGIN_SECONDS,
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
  };
}
