import { Field } from "../rule/field.ts";
import type { Subject } from "../rule/rule.ts";

/** What makes pods: the built-in workloads, and Argo's Rollout. */
export const POD_TYPES =
  /^kubernetes:[^:]+:(Pod|PodTemplate|Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob|Rollout)$/;

/** The pod that a resource makes; missing where it refers to another for it, as a Rollout may. */
export function podSpec({ type, properties }: Subject): Field {
  const kind = type.split(":").at(-1);
  if (kind === "Pod") return properties.at("spec");
  if (kind === "PodTemplate") return properties.at("template.spec");
  if (kind === "CronJob") return properties.at("spec.jobTemplate.spec.template.spec");
  return properties.at("spec.template.spec");
}

export function podLabels({ type, properties }: Subject): Field {
  const kind = type.split(":").at(-1);
  if (kind === "Pod") return properties.at("metadata.labels");
  if (kind === "CronJob") return properties.at("spec.jobTemplate.spec.template.metadata.labels");
  return properties.at("spec.template.metadata.labels");
}

/** All containers of a pod: those that run, those that run before, and those that debug. */
export function containers(pod: Field): Field[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) => pod.at(list).items());
}

export function namespaceOf({ properties }: Subject): Field {
  const namespace = properties.at("metadata.namespace");
  return namespace.isMissing ? new Field("default", namespace.path) : namespace;
}
