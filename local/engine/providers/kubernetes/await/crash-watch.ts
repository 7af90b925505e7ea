import { numberAt, objectAt, objectsAt, textAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { kindOf, nameOf, namespaceOf } from "../kube-object.ts";
import { lastLogLine } from "./last-log-line.ts";
import { describeEnd } from "./pod-problems.ts";
import { findPods } from "./find-pods.ts";
import { conditionOf } from "./verdict.ts";
import type { ClusterReader } from "./verdict.ts";

interface End {
  pod: string;
  container: string;
  /** Identity of this run of the container. */
  run: string;
  terminated: JsonObject;
  log: "current" | "previous";
}

/**
 * Watches the containers behind an object that is waited for. A container that ends twice in the same way will do so a
 * third time: further waiting only lengthens the pauses between its restarts.
 */
export class CrashWatch {
  /** How each run of a container ended, by pod and container. */
  readonly #ends = new Map<string, Map<string, string>>();

  /** Returns a message once a container has crashed twice in the same way. Jobs are left to their own `backoffLimit`. */
  async look(object: JsonObject, reader: ClusterReader): Promise<string | undefined> {
    if (kindOf(object) === "Job") return undefined;
    const namespace = namespaceOf(object) ?? "default";
    for (const pod of await findPods(object, reader))
      for (const end of endsOf(pod)) {
        const { terminated } = end;
        const key = `${textAt(pod, "metadata", "uid") ?? end.pod}/${end.container}`;
        const runs = this.#ends.get(key) ?? new Map<string, string>();
        this.#ends.set(key, runs);
        if (runs.has(end.run)) continue;
        const lastLine = await lastLogLine(end, namespace, reader);
        const how = signature(terminated, lastLine);
        const isRepeated = [...runs.values()].includes(how);
        runs.set(end.run, how);
        if (!isRepeated) continue;
        const log = lastLine === undefined ? "" : `; its log ends: ${lastLine}`;
        return `pod ${end.pod}: container ${end.container} crashed twice in the same way: ${describeEnd(terminated)}${log}`;
      }
    return undefined;
  }
}

/** Returns the finished runs of a pod's containers, the older first; none of a pod that is ready or being deleted. */
function endsOf(pod: JsonObject): End[] {
  if (conditionOf(pod, "Ready")?.status === "True") return [];
  if (textAt(pod, "metadata", "deletionTimestamp") !== undefined) return [];
  return ["initContainerStatuses", "containerStatuses"].flatMap((list) =>
    objectsAt(pod, "status", list).flatMap((status) =>
      (["lastState", "state"] as const).flatMap((field): End[] => {
        const terminated = objectAt(status, field, "terminated");
        if (terminated === undefined) return [];
        if (list === "initContainerStatuses" && numberAt(terminated, "exitCode") === 0) return [];
        const run = textAt(terminated, "containerID") ?? textAt(terminated, "finishedAt");
        if (run === undefined) return [];
        const container = textAt(status, "name") ?? "";
        return [
          { pod: nameOf(pod), container, run, terminated, log: field === "state" ? "current" : "previous" },
        ];
      }),
    ),
  );
}

/** Describes the end of a run without its times and ids, and without the log where memory ran out: that log tells no reason. */
function signature(terminated: JsonObject, lastLine: string | undefined): string {
  const reason = textAt(terminated, "reason") ?? "";
  const code = numberAt(terminated, "exitCode") ?? 0;
  const text = reason === "OOMKilled" ? "" : (lastLine ?? "").replaceAll(/[0-9a-f]{8,}|\d+/gi, "#");
  return `${code} ${reason} ${text}`;
}
