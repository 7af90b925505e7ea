import type { types } from "@pulumi/kubernetes";

type Probes = Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">;

/**
 * Returns probes by the health routes of the Open Inference Protocol. `port` is that of the metrics: new connections to the
 * port of the service wait behind those of its callers. A start may take two minutes: the server pulls and
 * verifies the model. Scoring and the health routes share one thread, so a busy server answers late: it loses traffic after
 * 15 seconds without an answer, and is restarted after a minute and a half.
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
