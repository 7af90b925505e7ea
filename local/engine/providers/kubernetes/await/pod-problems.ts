import { at, numberAt, objectAt, objectsAt, textAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { nameOf } from "../kube-object.ts";
import { conditionOf } from "./verdict.ts";

export interface PodProblem {
  pod: string;
  /** Absent where the problem is the pod's as a whole. */
  container?: string;
  /** Such as ImagePullBackOff, CrashLoopBackOff, OOMKilled, Unschedulable. */
  reason: string;
  message: string;
  /** The run of the container whose log may say more. */
  log?: "current" | "previous";
}

/** Reasons for which a container waits normally. */
const NORMAL = new Set(["ContainerCreating", "PodInitializing", ""]);

/** Returns the problems that keep a pod from being ready, the worst first; empty if it has none or is only starting. */
export function podProblems(pod: JsonObject): PodProblem[] {
  const name = nameOf(pod);
  const problems: PodProblem[] = ["initContainerStatuses", "containerStatuses"].flatMap((list) =>
    objectsAt(pod, "status", list).flatMap((status) => {
      const problem = containerProblem(status, textAt(pod, "status", "phase"));
      return problem === undefined
        ? []
        : [{ pod: name, container: textAt(status, "name") ?? "", ...problem }];
    }),
  );
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status === "False")
    problems.unshift({ pod: name, reason: scheduled.reason, message: scheduled.message });
  const reason = textAt(pod, "status", "reason");
  if (textAt(pod, "status", "phase") === "Failed" && reason !== undefined)
    problems.unshift({ pod: name, reason, message: textAt(pod, "status", "message") ?? "" });
  return problems;
}

function containerProblem(
  status: JsonObject,
  phase: string | undefined,
): Omit<PodProblem, "pod"> | undefined {
  const last = objectAt(status, "lastState", "terminated");
  const state = objectAt(status, "state", "waiting");
  const waitReason = textAt(state, "reason") ?? "";
  if (state !== undefined && !NORMAL.has(waitReason)) {
    if (last === undefined) return { reason: waitReason, message: textAt(state, "message") ?? "" };
    return { reason: waitReason, message: describeEnd(last), log: "previous" };
  }
  const terminated = objectAt(status, "state", "terminated");
  if (terminated !== undefined && numberAt(terminated, "exitCode") !== 0)
    return {
      reason: textAt(terminated, "reason") ?? "Error",
      message: describeEnd(terminated),
      log: "current",
    };
  if (
    phase === "Running" &&
    at(status, "ready") === false &&
    objectAt(status, "state", "running") !== undefined
  ) {
    const restarts = numberAt(status, "restartCount") ?? 0;
    const message =
      restarts === 0 || last === undefined
        ? "running, but its readiness or startup probe does not pass"
        : `restarted ${restarts} times; ${describeEnd(last)}`;
    return { reason: "NotReady", message, log: "current" };
  }
  return undefined;
}

/** Returns how a container ended: `it ended with exit code 1 (Error): no model`. */
export function describeEnd(terminated: JsonObject): string {
  const [code, reason] = [numberAt(terminated, "exitCode"), textAt(terminated, "reason")];
  const signal = numberAt(terminated, "signal");
  const end = signal === undefined || signal === 0 ? `exit code ${code ?? "unknown"}` : `signal ${signal}`;
  const message = textAt(terminated, "message")?.trim() ?? "";
  return `it ended with ${end}${reason === undefined ? "" : ` (${reason})`}${message === "" ? "" : `: ${message}`}`;
}
