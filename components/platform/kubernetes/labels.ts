/** Returns the labels that select the pods of one workload. They must not change while the workload exists. */
export function selectorLabels(name: string, component: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": component };
}

/** Returns the labels that Kubernetes recommends. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export function commonLabels(name: string, component: string): Record<string, string> {
  return {
    ...selectorLabels(name, component),
    "app.kubernetes.io/part-of": "slipway",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/**
 * Returns annotations for a Prometheus that discovers pods by annotation, such as one that a team runs for its whole cluster. Slipway's
 * own Prometheus finds pods by DNS and ignores them.
 */
export function scrapeAnnotations(port: number, path = "/metrics"): Record<string, string> {
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(port),
    "prometheus.io/path": path,
  };
}

/** Annotation by which Pulumi does not wait until an object is ready, such as a Service that is created before its pods. */
export const SKIP_AWAIT = { "pulumi.com/skipAwait": "true" };
