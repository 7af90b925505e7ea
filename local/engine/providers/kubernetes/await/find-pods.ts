import { objectAt, textAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { kindOf, namespaceOf } from "../kube-object.ts";
import { selectorText } from "./verdict.ts";
import type { ClusterReader } from "./verdict.ts";

/** Returns the pods of a workload or behind a Service; of a Deployment or a StatefulSet those of its newest template. */
export async function findPods(object: JsonObject, reader: ClusterReader): Promise<JsonObject[]> {
  const namespace = namespaceOf(object);
  if (kindOf(object) === "Pod") return [object];
  const service = kindOf(object) === "Service" ? objectAt(object, "spec", "selector") : undefined;
  const labelSelector = selectorText(
    service === undefined ? objectAt(object, "spec", "selector") : { matchLabels: service },
  );
  if (labelSelector === undefined) return [];
  const pods = await reader.list("v1", "Pod", namespace, { labelSelector });
  const [label, newest] = await newestTemplate(object, labelSelector, reader);
  return pods.filter((pod) => newest === undefined || textAt(pod, "metadata", "labels", label) === newest);
}

/** Returns the label that marks the pods of the newest template, and its value; undefined where no label does. */
async function newestTemplate(
  object: JsonObject,
  labelSelector: string,
  reader: ClusterReader,
): Promise<[label: string, value: string | undefined]> {
  if (kindOf(object) === "StatefulSet")
    return ["controller-revision-hash", textAt(object, "status", "updateRevision")];
  if (kindOf(object) !== "Deployment") return ["", undefined];
  const revision = textAt(object, "metadata", "annotations", "deployment.kubernetes.io/revision");
  const sets = await reader.list("apps/v1", "ReplicaSet", namespaceOf(object), { labelSelector });
  const newest = sets.find(
    (set) => textAt(set, "metadata", "annotations", "deployment.kubernetes.io/revision") === revision,
  );
  return ["pod-template-hash", textAt(newest, "metadata", "labels", "pod-template-hash")];
}
