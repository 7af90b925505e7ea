import { at, numberAt, textAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { conditionOf, failed, READY, waiting } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** True if the controller has seen the newest spec. Until then the status describes the old spec. */
function isObserved(object: JsonObject): boolean {
  return (
    (numberAt(object, "status", "observedGeneration") ?? 0) >=
    (numberAt(object, "metadata", "generation") ?? 0)
  );
}

/**
 * Ready once every replica runs the newest template and is available, and no old one is left. Failed once its progress
 * deadline has passed, unless that was so when the wait began (`first`): the condition stays until a pod gets ready.
 */
export function judgeDeployment(deployment: JsonObject, first: JsonObject = {}): Verdict {
  if (!isObserved(deployment)) return waiting("the deployment controller has not seen this version yet");
  if (at(deployment, "spec", "paused") === true) return READY;
  const wanted = numberAt(deployment, "spec", "replicas") ?? 1;
  const status = (field: string): number => numberAt(deployment, "status", field) ?? 0;
  const progressing = conditionOf(deployment, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded" && progressing.since !== lateSince(first))
    return failed(
      `it made no progress within ${numberAt(deployment, "spec", "progressDeadlineSeconds") ?? 600} s: ${status("availableReplicas")} of ${wanted} pods are available`,
    );
  const refused = conditionOf(deployment, "ReplicaFailure");
  if (refused?.status === "True") return waiting(`pods are refused: ${refused.message}`);
  const updated = status("updatedReplicas");
  if (updated < wanted) return waiting(`${updated} of ${wanted} pods created`);
  const old = status("replicas") - updated;
  if (old > 0)
    return waiting(`${status("unavailableReplicas")} pods not available, ${old} old ones still to stop`);
  if (status("availableReplicas") < updated)
    return waiting(`${status("availableReplicas")} of ${wanted} pods available`);
  if (wanted > 0 && conditionOf(deployment, "Available")?.status !== "True")
    return waiting("not available yet");
  return READY;
}

/** Returns when the progress deadline of an object passed; undefined if it did not. */
function lateSince(deployment: JsonObject): string | undefined {
  const progressing = conditionOf(deployment, "Progressing");
  return progressing?.reason === "ProgressDeadlineExceeded" ? progressing.since : undefined;
}

/** Ready once every replica is ready and, unless a partition or OnDelete holds it back, of the newest revision. */
export function judgeStatefulSet(set: JsonObject): Verdict {
  if (!isObserved(set)) return waiting("the statefulset controller has not seen this version yet");
  const wanted = numberAt(set, "spec", "replicas") ?? 1;
  const status = (field: string): number => numberAt(set, "status", field) ?? 0;
  const ready = status("readyReplicas");
  if (status("replicas") > wanted)
    return waiting(`${status("replicas") - wanted} surplus pods still to stop`);
  if (ready < wanted) return waiting(`${ready} of ${wanted} pods ready`);
  if (textAt(set, "spec", "updateStrategy", "type") === "OnDelete") return READY;
  const partition = numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const toUpdate = Math.max(0, wanted - partition);
  if (status("updatedReplicas") < toUpdate)
    return waiting(`${status("updatedReplicas")} of ${toUpdate} pods updated`);
  const settled = textAt(set, "status", "updateRevision") === textAt(set, "status", "currentRevision");
  return partition > 0 || settled ? READY : waiting("the new revision is not current yet");
}

/** Ready once a pod of the newest revision is available on every node that wants one. */
export function judgeDaemonSet(set: JsonObject): Verdict {
  if (!isObserved(set)) return waiting("the daemonset controller has not seen this version yet");
  const status = (field: string): number => numberAt(set, "status", field) ?? 0;
  const wanted = status("desiredNumberScheduled");
  const onDelete = textAt(set, "spec", "updateStrategy", "type") === "OnDelete";
  if (!onDelete && status("updatedNumberScheduled") < wanted)
    return waiting(`${status("updatedNumberScheduled")} of ${wanted} pods updated`);
  const available = status("numberAvailable");
  return available < wanted ? waiting(`${available} of ${wanted} pods available`) : READY;
}

/** Ready once as many pods as wanted are available. */
export function judgeReplicaSet(set: JsonObject): Verdict {
  if (!isObserved(set)) return waiting("the controller has not seen this version yet");
  const refused = conditionOf(set, "ReplicaFailure");
  if (refused?.status === "True") return waiting(`pods are refused: ${refused.message}`);
  const wanted = numberAt(set, "spec", "replicas") ?? 1;
  const available = numberAt(set, "status", "availableReplicas") ?? 0;
  return available < wanted ? waiting(`${available} of ${wanted} pods available`) : READY;
}

/** Ready once complete; a suspended one counts as ready, since nobody knows when it will run. */
export function judgeJob(job: JsonObject): Verdict {
  const failure = conditionOf(job, "Failed");
  if (failure?.status === "True") return failed(`the job failed: ${failure.message || failure.reason}`);
  if (conditionOf(job, "Complete")?.status === "True") return READY;
  if (conditionOf(job, "Suspended")?.status === "True") return READY;
  const target = conditionOf(job, "FailureTarget");
  if (target?.status === "True") return waiting(`failing: ${target.message || target.reason}`);
  const count = (field: string): number => numberAt(job, "status", field) ?? 0;
  const failures = count("failed") > 0 ? `, ${count("failed")} failed` : "";
  const wanted = numberAt(job, "spec", "completions") ?? 1;
  return waiting(`${count("succeeded")} of ${wanted} pods done, ${count("active")} active${failures}`);
}

/** Ready once it serves, or has run to a good end. */
export function judgePod(pod: JsonObject): Verdict {
  const phase = textAt(pod, "status", "phase");
  if (phase === "Succeeded") return READY;
  if (phase === "Failed")
    return failed(
      `the pod failed: ${textAt(pod, "status", "message") ?? textAt(pod, "status", "reason") ?? "see its containers"}`,
    );
  if (conditionOf(pod, "Ready")?.status === "True") return READY;
  return waiting(phase === undefined ? "not seen yet" : `${phase.toLowerCase()}, not ready`);
}
