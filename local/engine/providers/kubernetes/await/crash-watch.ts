import { numberAt, objectAt, objectsAt, textAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { kindOf, nameOf, namespaceOf } from "../kube-object.ts";
import { lastWords } from "./last-words.ts";
import { describeEnd } from "./pod-problems.ts";
import { podsOf } from "./pods-of.ts";
import { conditionOf } from "./verdict.ts";
import type { ClusterReader } from "./verdict.ts";

interface End {
  pod: string;
  container: string;
  /** Tells one run of the container from the next. */
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

  /** Returns what happened twice, once it has. A Job says itself how often it may fail. */
  async look(object: JsonObject, reader: ClusterReader): Promise<string | undefined> {
    if (kindOf(object) === "Job") return undefined;
    const namespace = namespaceOf(object) ?? "default";
    for (const pod of await podsOf(object, reader))
      for (const end of endsOf(pod)) {
        const { terminated } = end;
        const key = `${textAt(pod, "metadata", "uid") ?? end.pod}/${end.container}`;
        const runs = this.#ends.get(key) ?? new Map<string, string>();
        this.#ends.set(key, runs);
        if (runs.has(end.run)) continue;
        const words = await lastWords(end, namespace, reader);
        const how = signature(terminated, words);
        const isRepeated = [...runs.values()].includes(how);
        runs.set(end.run, how);
        if (!isRepeated) continue;
        const said = words === undefined ? "" : `; its log ends: ${words}`;
        return `pod ${end.pod}: container ${end.container} crashed twice in the same way: ${describeEnd(terminated)}${said}`;
      }
    return undefined;
  }
}

/** The runs of a pod's containers that are over, the older first; none of a pod that is ready or on its way out. */
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

/** Times, addresses and ids differ from one run to the next; a container that ran out of memory may have said anything. */
function signature(terminated: JsonObject, words: string | undefined): string {
  const reason = textAt(terminated, "reason") ?? "";
  const code = numberAt(terminated, "exitCode") ?? 0;
  const text = reason === "OOMKilled" ? "" : (words ?? "").replaceAll(/[0-9a-f]{8,}|\d+/gi, "#");
  return `${code} ${reason} ${text}`;
}
