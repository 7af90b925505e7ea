import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { StepResult } from "../../runtime/contract/step-result.ts";

/** A job in the cluster did not end well. Its message is for a person: one sentence that says why. */
export class JobFailed extends Error {
  /** What the job had to say before it failed, where it said something. */
  readonly result: StepResult | undefined;
  /** Shows the whole log, as long as the cluster keeps it. */
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

/** Why a job failed, in one sentence: its own last error, or else what ended it. */
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
      "raise memoryMib of what runs it in the stack config, such as slipway:training"
    );
  const said = lastError(log);
  if (said !== undefined) return said;
  if (ended !== undefined) return `${name}: it ended with exit code ${ended.exitCode} and said nothing`;
  return `${name}: ${failed?.message ?? "no pod of it ran"}`;
}

/** The last error of a log of JSON lines; its last line where it has none. */
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

/** What a pod does now, in a few words. */
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
