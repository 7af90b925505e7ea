/** Labels that select the pods of one thing: they never change while it lives. */
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

/** Annotations by which Prometheus finds a pod. @default path "/metrics" */
export function scrapeAnnotations(port: number, path = "/metrics"): Record<string, string> {
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(port),
    "prometheus.io/path": path,
  };
}
