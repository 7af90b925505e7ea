import type { V1ContainerStateTerminated, V1Job, V1Pod } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { stepResultSchema, type StepResult } from "../../runtime/contract/step-result.ts";
import type { ClusterJobs } from "./cluster-jobs.ts";
import { explainFailure, JobFailed, podState } from "./job-failed.ts";
import { inputsHash, jobFromTemplate } from "./job-from-template.ts";
import { trainerState } from "./trainer-state.ts";
import type { TrainerContainer } from "./with-trainer.ts";

export interface JobRequest {
  /** Name of the CronJob that is the job's template. */
  template: string;
  /** Appended to the arguments of the template's container. */
  args: readonly string[];
  /** Container that trains. @default - none */
  trainer?: TrainerContainer | undefined;
  /** Called with the state of the job whenever it changes. */
  onStatus?: (status: string) => void;
  /** Reuses the result of a finished Job with the same inputs, while the cluster keeps it. @default false */
  reuseFinished?: boolean;
  /** @default - the clock's */
  pause?: (milliseconds: number) => Promise<unknown>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 1000;

/**
 * Runs one job in the cluster, as `kubectl create job --from=cronjob/…` does, and returns its result. Where a Job with the same
 * inputs runs already, perhaps from an interrupted run, waits for that one instead. Waits as long as the deadline of the template
 * allows. Throws JobFailed.
 */
export async function runJob(jobs: ClusterJobs, request: JobRequest): Promise<StepResult> {
  const cronJob = await jobs.template(request.template);
  const before = await jobs.withInputs(inputsHash(cronJob, request.args, request.trainer));
  for (const job of before) {
    const result = goodResultOf(await jobs.newestPod(nameOf(job)));
    if (result !== undefined) {
      if (request.reuseFinished === true) return result;
    } else if (endOf(job) === undefined && job.metadata?.deletionTimestamp === undefined) {
      request.onStatus?.(`waiting for ${nameOf(job)}, which runs already`);
      return outcome(jobs, nameOf(job), request);
    }
  }
  const attempt = 1 + Math.max(0, ...before.map(attemptOf));
  const job = jobFromTemplate(cronJob, request.args, attempt, request.trainer);
  await jobs.create(job);
  return outcome(jobs, nameOf(job), request);
}

/**
 * Waits until a Job has ended. Kubernetes ends it at its deadline, so no timeout is needed here. A container that ended
 * well has decided the outcome: Kubernetes takes some seconds more to clear the pod away and to call the Job complete.
 */
async function outcome(jobs: ClusterJobs, name: string, request: JobRequest): Promise<StepResult> {
  const { onStatus, pause = sleep } = request;
  const logCommand = `kubectl -n ${jobs.namespace} logs job/${name}`;
  let shown = "";
  for (let next = FIRST_PAUSE_MS; ; next = Math.min(next * 1.5, LONGEST_PAUSE_MS)) {
    const job = await jobs.read(name);
    if (job === undefined)
      throw new JobFailed(`${request.template}: the Job ${name} was deleted before it ended`, { logCommand });
    const pod = await jobs.newestPod(name);
    const end = endOf(job);
    const result = goodResultOf(pod);
    if (result !== undefined) return result;
    if (end === "Complete")
      throw new JobFailed(`${request.template}: it ended well but left no result`, { logCommand });
    if (end === "Failed") {
      const log = pod?.metadata?.name === undefined ? "" : await jobs.logTail(pod.metadata.name);
      throw new JobFailed(explainFailure(job, pod, log), { result: resultOf(pod), logCommand });
    }
    const state = (await trainerState(jobs, pod)) ?? podState(pod);
    if (state !== shown) onStatus?.((shown = state));
    await pause(next);
  }
}

const nameOf = (job: V1Job): string => job.metadata?.name ?? "";
const attemptOf = (job: V1Job): number => Number(/-(\d+)$/.exec(nameOf(job))?.[1] ?? 0);

function endOf(job: V1Job): "Complete" | "Failed" | undefined {
  const ended = job.status?.conditions?.find(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
  return ended?.type as "Complete" | "Failed" | undefined;
}

function terminationOf(pod: V1Pod | undefined): V1ContainerStateTerminated | undefined {
  return pod?.status?.containerStatuses?.[0]?.state?.terminated;
}

/** The result of a pod that ended well. */
function goodResultOf(pod: V1Pod | undefined): StepResult | undefined {
  return terminationOf(pod)?.exitCode === 0 ? resultOf(pod) : undefined;
}

/** What a pod left in its termination message; undefined where it ended before it could say anything. */
function resultOf(pod: V1Pod | undefined): StepResult | undefined {
  try {
    return stepResultSchema.parse(JSON.parse(terminationOf(pod)?.message ?? ""));
  } catch {
    return undefined;
  }
}
