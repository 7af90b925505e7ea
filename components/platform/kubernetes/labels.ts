/** Labels that select the pods of one workload; they must not change while it exists. */
export function selectorLabels(name: string, component: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": component };
}

/** The recommended labels of Kubernetes. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export function commonLabels(name: string, component: string): Record<string, string> {
  return {
    ...selectorLabels(name, component),
    "app.kubernetes.io/part-of": "slipway",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/**
 * Annotations for a Prometheus that discovers pods by them, such as one that a team runs for its whole cluster. Slipway's
 * own finds pods by DNS and reads none.
 */
export function scrapeAnnotations(port: number, path = "/metrics"): Record<string, string> {
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(port),
    "prometheus.io/path": path,
  };
}
