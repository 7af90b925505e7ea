import type { V1CronJob, V1Job, V1Pod } from "@kubernetes/client-node";
import type { ClusterJobs } from "../../../operations/pipeline/cluster-jobs.ts";
import { INPUTS_LABEL } from "../../../operations/pipeline/job-from-template.ts";
import type { StepResult } from "../../../runtime/contract/step-result.ts";

/** A template of the job `train`, or of another job. */
export function trainTemplate({
  name = "training-train",
  job = "train",
  image = "runtime@sha256:1",
} = {}): V1CronJob {
  return {
    metadata: { name, namespace: "platform" },
    spec: {
      schedule: "@yearly",
      suspend: true,
      jobTemplate: {
        metadata: { labels: { app: job }, annotations: { kept: "yes" } },
        spec: {
          backoffLimit: 1,
          activeDeadlineSeconds: 1800,
          template: {
            spec: {
              containers: [
                { name: "runtime", image, args: [job], resources: { limits: { memory: "2048Mi" } } },
              ],
            },
          },
        },
      },
    },
  };
}

/** How a Job of the fake cluster ends: with a result, or with a failure. */
export type Ending =
  | { result: StepResult }
  | {
      failure: { reason?: string; message?: string };
      log?: string;
      pod?: Partial<V1Pod["status"]>;
      result?: StepResult;
    };

export interface FakeClusterJobs extends ClusterJobs {
  /** Every Job that was created or was there from the start. */
  list: V1Job[];
  pods: Map<string, V1Pod>;
  logs: Map<string, string>;
  created: string[];
}

/** A namespace with templates, whose Jobs end by `ends` at the poll after their creation. */
export function fakeClusterJobs(
  ends: (job: V1Job) => Ending,
  templates: readonly V1CronJob[] = [trainTemplate()],
): FakeClusterJobs {
  const fake: FakeClusterJobs = {
    namespace: "platform",
    list: [],
    pods: new Map(),
    logs: new Map(),
    created: [],
    template: (name) => {
      const template = templates.find(({ metadata }) => metadata?.name === name);
      return template === undefined
        ? Promise.reject(new Error(`no template ${name}`))
        : Promise.resolve(template);
    },
    withInputs: (hash) =>
      Promise.resolve(fake.list.filter(({ metadata }) => metadata?.labels?.[INPUTS_LABEL] === hash)),
    create: (job) => {
      const name = job.metadata!.name!;
      if (!fake.list.some(({ metadata }) => metadata?.name === name)) {
        fake.created.push(name);
        fake.list.push(structuredClone(job));
      }
      return Promise.resolve();
    },
    read: (name) => {
      const job = fake.list.find(({ metadata }) => metadata?.name === name);
      if (job !== undefined && job.status === undefined) end(fake, job, ends(job));
      return Promise.resolve(job);
    },
    newestPod: (name) => Promise.resolve(fake.pods.get(name)),
    logTail: (pod) => Promise.resolve(fake.logs.get(pod) ?? ""),
  };
  return fake;
}

/** Ends a Job of the fake cluster. */
export function end(fake: FakeClusterJobs, job: V1Job, ending: Ending): void {
  const name = job.metadata!.name!;
  const failure = "failure" in ending ? ending.failure : undefined;
  job.status = {
    conditions: [{ type: failure === undefined ? "Complete" : "Failed", status: "True", ...failure }],
  };
  const message = ending.result === undefined ? undefined : JSON.stringify(ending.result);
  const exitCode = failure === undefined ? 0 : 1;
  fake.pods.set(name, {
    metadata: { name: `${name}-pod` },
    status: {
      containerStatuses: [
        {
          state: { terminated: { exitCode, ...(message === undefined ? {} : { message }) } },
        } as unknown as NonNullable<NonNullable<V1Pod["status"]>["containerStatuses"]>[number],
      ],
      ...("pod" in ending ? ending.pod : {}),
    },
  });
  if ("log" in ending && ending.log !== undefined) fake.logs.set(`${name}-pod`, ending.log);
}
