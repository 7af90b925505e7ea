import {
  BatchV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1CronJob,
  type V1Job,
  type V1Pod,
} from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { stepResultSchema, type StepResult } from "../runtime/contract/step-result.ts";

export interface JobRequest {
  namespace: string;
  /** Name of the suspended CronJob that is the job's template. */
  template: string;
  /** Appended to the arguments of the template's container. */
  args: string[];
  /** Called with what the job is doing when that changes. */
  onStatus?: (status: string) => void;
  /** @default 900 */
  timeoutSeconds?: number;
}

export class JobFailed extends Error {
  /** What the job had to say before it failed, where it said something. */
  readonly result: StepResult | undefined;

  constructor(message: string, result: StepResult | undefined) {
    super(message);
    this.name = "JobFailed";
    this.result = result;
  }
}

/** Runs one job in the cluster, as `kubectl create job --from=cronjob/…` does, and returns the result that it left. */
export async function runJob(kube: KubeConfig, request: JobRequest): Promise<StepResult> {
  const batch = kube.makeApiClient(BatchV1Api);
  const core = kube.makeApiClient(CoreV1Api);
  const { namespace, template } = request;
  const cronJob = await batch.readNamespacedCronJob({ namespace, name: template });
  const job = await batch.createNamespacedJob({ namespace, body: jobFrom(cronJob, request.args) });
  const name = job.metadata?.name ?? "";
  const deadline = Date.now() + (request.timeoutSeconds ?? 900) * 1000;
  let said = "";
  for (;;) {
    const { status } = await batch.readNamespacedJob({ namespace, name });
    const pods = await core.listNamespacedPod({
      namespace,
      labelSelector: `batch.kubernetes.io/job-name=${name}`,
    });
    const pod = pods.items.sort((a, b) => created(a) - created(b)).at(-1);
    const finished = status?.conditions?.find(
      (c) => (c.type === "Complete" || c.type === "Failed") && c.status === "True",
    );
    if (finished?.type === "Complete" && pod !== undefined) return resultOf(pod, template);
    if (finished?.type === "Failed")
      throw new JobFailed(await explain(core, namespace, name, pod, finished.message), pod && tryResult(pod));
    const now = podStatus(pod);
    if (now !== said) request.onStatus?.((said = now));
    if (Date.now() > deadline)
      throw new JobFailed(
        await explain(core, namespace, name, pod, `not done after ${request.timeoutSeconds ?? 900} s`),
        undefined,
      );
    await sleep(300);
  }
}

/** The Job that a CronJob's template describes, with arguments added to its container. */
export function jobFrom(cronJob: V1CronJob, args: string[]): V1Job {
  const template = structuredClone(cronJob.spec?.jobTemplate);
  const container = template?.spec?.template.spec?.containers[0];
  if (template?.spec === undefined || container === undefined || cronJob.metadata?.name === undefined)
    throw new Error(`CronJob ${cronJob.metadata?.name ?? "?"} has no container to run`);
  container.args = [...(container.args ?? []), ...args];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      generateName: `${cronJob.metadata.name}-`,
      labels: template.metadata?.labels,
      annotations: { ...template.metadata?.annotations, "cronjob.kubernetes.io/instantiate": "manual" },
    },
    spec: template.spec,
  };
}

const created = (pod: V1Pod): number => pod.metadata?.creationTimestamp?.getTime() ?? 0;

function terminationMessage(pod: V1Pod): string | undefined {
  return pod.status?.containerStatuses?.[0]?.state?.terminated?.message;
}

function tryResult(pod: V1Pod): StepResult | undefined {
  try {
    return stepResultSchema.parse(JSON.parse(terminationMessage(pod) ?? ""));
  } catch {
    return undefined; // the job ended before it could say anything
  }
}

function resultOf(pod: V1Pod, template: string): StepResult {
  const result = tryResult(pod);
  if (result === undefined)
    throw new JobFailed(
      `${template}: the pod ${pod.metadata?.name} ended well but left no result`,
      undefined,
    );
  return result;
}

function podStatus(pod: V1Pod | undefined): string {
  if (pod === undefined) return "waiting for a pod";
  const waiting = pod.status?.containerStatuses?.[0]?.state?.waiting;
  const unschedulable = pod.status?.conditions?.find(
    (c) => c.type === "PodScheduled" && c.status === "False",
  );
  if (unschedulable !== undefined) return `pending: ${unschedulable.message ?? unschedulable.reason}`;
  if (waiting !== undefined)
    return waiting.message ? `${waiting.reason}: ${waiting.message}` : (waiting.reason ?? "waiting");
  return (pod.status?.phase ?? "Pending").toLowerCase();
}

async function explain(
  core: CoreV1Api,
  namespace: string,
  job: string,
  pod: V1Pod | undefined,
  reason: string | undefined,
): Promise<string> {
  const podName = pod?.metadata?.name;
  if (podName === undefined) return `job ${namespace}/${job} failed: ${reason ?? "no pod ran"}`;
  const terminated = pod?.status?.containerStatuses?.[0]?.state?.terminated;
  const logs = await core
    .readNamespacedPodLog({ namespace, name: podName, tailLines: 15 })
    .catch(
      (error: unknown) =>
        `(no logs: ${error instanceof Error ? error.message.split("\n")[0] : String(error)})`,
    );
  const ended =
    terminated === undefined ? podStatus(pod) : `${terminated.reason}, exit code ${terminated.exitCode}`;
  return `job ${namespace}/${job} failed: ${reason ?? ""} (pod ${podName}: ${ended})\n${logs.trimEnd()}`;
}
