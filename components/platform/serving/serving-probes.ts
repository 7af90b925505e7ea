import type { types } from "@pulumi/kubernetes";

type Probes = Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">;

/**
 * Returns probes that call the health routes of the Open Inference Protocol. `port` is the port of the metrics: on the service's own
 * port, a probe would wait behind the connections of the callers. The server has two minutes to start, because it pulls and verifies
 * the model. Scoring and the health routes share one thread, so a busy server answers late: it gets no traffic after 15 seconds
 * without an answer, and restarts after 90 seconds.
 */
export function servingProbes(port: string): Probes {
  const live = { path: "/v2/health/live", port };
  const ready = { path: "/v2/health/ready", port };
  return {
    startupProbe: { httpGet: ready, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 120 },
    readinessProbe: { httpGet: ready, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { httpGet: live, periodSeconds: 15, timeoutSeconds: 10, failureThreshold: 6 },
  };
}
