import type { types } from "@pulumi/kubernetes";

type Probes = Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">;

/** Probes by the health routes of the Open Inference Protocol. A start may take two minutes: it pulls and verifies the model. */
export function servingProbes(port: string): Probes {
  const live = { path: "/v2/health/live", port };
  const ready = { path: "/v2/health/ready", port };
  return {
    startupProbe: { httpGet: ready, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 120 },
    readinessProbe: { httpGet: ready, periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 2 },
    livenessProbe: { httpGet: live, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
  };
}
