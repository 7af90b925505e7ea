import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { StepResult } from "../../runtime/contract/step-result.ts";
import { explainTrainer, hasTrainer } from "./explain-trainer.ts";
import { lastError } from "./last-error.ts";

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
    const fix = hasTrainer(job) ? "; raise timeoutMinutes of the trainer in the definition" : "";
    return `${name}: not done after ${job.spec?.activeDeadlineSeconds ?? "?"} s${waiting}${fix}`;
  }
  const trainer = explainTrainer(job, pod);
  if (trainer !== undefined) return trainer;
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
