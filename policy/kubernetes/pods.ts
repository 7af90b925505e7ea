import { Field } from "../rule/field.ts";
import type { Subject } from "../rule/rule.ts";

/** Types that create pods: the built-in workloads, and Argo's Rollout; and the patches of them, which must say as much as they do. */
export const POD_TYPES =
  /^kubernetes:[^:]+:(Pod|PodTemplate|Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob|Rollout)(Patch)?$/;

/** Returns the pod spec of a workload; missing if the workload references another one instead, as a Rollout may. */
export function podSpec({ type, properties }: Subject): Field {
  const kind = type
    .split(":")
    .at(-1)
    ?.replace(/Patch$/, "");
  if (kind === "Pod") return properties.at("spec");
  if (kind === "PodTemplate") return properties.at("template.spec");
  if (kind === "CronJob") return properties.at("spec.jobTemplate.spec.template.spec");
  return properties.at("spec.template.spec");
}

/** Returns all containers of a pod: init containers, containers and ephemeral containers. */
export function containers(pod: Field): Field[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) => pod.at(list).items());
}

/** Returns the namespace of a resource; `default` if it has none. */
export function namespaceOf({ properties }: Subject): Field {
  const namespace = properties.at("metadata.namespace");
  return namespace.isMissing ? new Field("default", namespace.path) : namespace;
}
