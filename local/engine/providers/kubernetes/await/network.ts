import { at, numberAt, objectAt, objectsAt, textAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { nameOf, namespaceOf } from "../kube-object.ts";
import { READY, selectorText, waiting } from "./verdict.ts";
import type { ClusterReader, Verdict } from "./verdict.ts";

const WORKLOADS: [apiVersion: string, kind: string][] = [
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["argoproj.io/v1alpha1", "Rollout"],
];

/**
 * A Service is ready once one of its endpoints is. A Service without a selector, a headless or ExternalName one, and one whose
 * workloads are all scaled to 0 is ready at once. A LoadBalancer also needs its address.
 */
export async function judgeService(service: JsonObject, reader: ClusterReader): Promise<Verdict> {
  const type = textAt(service, "spec", "type") ?? "ClusterIP";
  if (type === "ExternalName") return READY;
  if (type === "LoadBalancer" && objectsAt(service, "status", "loadBalancer", "ingress").length === 0)
    return waiting("no address from the load balancer yet");
  const selector = objectAt(service, "spec", "selector");
  if (selector === undefined || Object.keys(selector).length === 0) return READY;
  if (textAt(service, "spec", "clusterIP") === "None") return READY;
  const slices = await reader.list("discovery.k8s.io/v1", "EndpointSlice", namespaceOf(service), {
    labelSelector: `kubernetes.io/service-name=${nameOf(service)}`,
  });
  const endpoints = slices.flatMap((slice) => objectsAt(slice, "endpoints"));
  if (endpoints.some((endpoint) => at(endpoint, "conditions", "ready") !== false)) return READY;
  if (await isScaledToNothing(selector, namespaceOf(service), reader)) return READY;
  return waiting(
    endpoints.length === 0
      ? `no pod matches its selector ${selectorText({ matchLabels: selector }) ?? ""} yet`
      : `none of its ${endpoints.length} endpoints is ready`,
  );
}

async function isScaledToNothing(
  selector: JsonObject,
  namespace: string | undefined,
  reader: ClusterReader,
): Promise<boolean> {
  const lists = await Promise.all(
    WORKLOADS.map(([apiVersion, kind]) => reader.list(apiVersion, kind, namespace)),
  );
  const behind = lists.flat().filter((workload) => {
    const labels = objectAt(workload, "spec", "template", "metadata", "labels") ?? {};
    return Object.entries(selector).every(([key, value]) => labels[key] === value);
  });
  return behind.length > 0 && behind.every((workload) => (numberAt(workload, "spec", "replicas") ?? 1) === 0);
}

/** Ready once the ingress controller has published an address. */
export function judgeIngress(ingress: JsonObject): Verdict {
  const published = objectsAt(ingress, "status", "loadBalancer", "ingress").length > 0;
  return published ? READY : waiting("no ingress controller has published an address yet");
}
