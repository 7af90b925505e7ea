import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { StepResult } from "../../runtime/contract/step-result.ts";

/** A job in the cluster failed. The message says why in one sentence. */
export class JobFailed extends Error {
  /** Result that the job wrote before it failed. Undefined where it wrote none. */
  readonly result: StepResult | undefined;
  /** Command that shows the whole log, as long as the cluster keeps it. */
  readonly logCommand: string;

  constructor(
    message: string,
    { result, logCommand }: { result?: StepResult | undefined; logCommand: string },
  ) {
    super(message);
    this.name = "JobFailed";
    this.result = result;
    this.logCommand = logCommand;
  }
}

/** Returns in one sentence why a job failed: its own last error, or else the reason of Kubernetes. */
export function explainFailure(job: V1Job, pod: V1Pod | undefined, log: string): string {
  const template = job.spec?.template.spec?.containers[0];
  const name = template?.args?.[0] ?? job.metadata?.name ?? "job";
  const failed = job.status?.conditions?.find(({ type, status }) => type === "Failed" && status === "True");
  if (failed?.reason === "DeadlineExceeded") {
    const waiting =
      pod === undefined || pod.status?.phase === "Pending" ? `; it waits: ${podState(pod)}` : "";
    return `${name}: not done after ${job.spec?.activeDeadlineSeconds ?? "?"} s${waiting}`;
  }
  const ended = pod?.status?.containerStatuses?.[0]?.state?.terminated;
  if (ended?.reason === "OOMKilled")
    return (
      `${name}: it needs more memory than it may use (${template?.resources?.limits?.["memory"] ?? "no limit is set"}); ` +
      "raise memoryMib in the stack config, such as in slipway:training"
    );
  const error = lastError(log);
  if (error !== undefined) return error;
  if (ended !== undefined) return `${name}: it ended with exit code ${ended.exitCode} and said nothing`;
  return `${name}: ${failed?.message ?? "no pod of it ran"}`;
}

/** Returns the last error in a log of JSON lines; the last line where it has no error. */
function lastError(log: string): string | undefined {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  for (const line of lines.toReversed()) {
    const entry = parseEntry(line);
    if (entry?.level !== "error" || entry.message === undefined) continue;
    return entry.code === "defect" ? `unexpected error, please report it: ${entry.message}` : entry.message;
  }
  const last = lines.at(-1);
  return last === undefined || parseEntry(last) !== undefined ? undefined : last.slice(0, 500);
}

interface LogEntry {
  level?: string;
  message?: string;
  code?: string;
}

function parseEntry(line: string): LogEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Describes the state of a pod in a few words. */
export function podState(pod: V1Pod | undefined): string {
  if (pod === undefined) return "waiting for a pod";
  const waiting = pod.status?.containerStatuses?.[0]?.state?.waiting;
  const unschedulable = pod.status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (unschedulable !== undefined) return `pending: ${unschedulable.message ?? unschedulable.reason}`;
  if (waiting !== undefined)
    return waiting.message ? `${waiting.reason}: ${waiting.message}` : (waiting.reason ?? "waiting");
  return (pod.status?.phase ?? "Pending").toLowerCase();
}
