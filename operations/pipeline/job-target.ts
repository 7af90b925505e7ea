import type { Progress } from "../../local/progress.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import type { JobName } from "../../runtime/contract/job-template.ts";
import type { StepResult } from "../../runtime/contract/step-result.ts";
import type { Platform } from "../platform.ts";
import { clusterJobs, type ClusterJobs } from "./cluster-jobs.ts";
import { runJob } from "./run-job.ts";

/** The place of a platform's jobs, and the registry of their artifacts. */
export interface JobTarget {
  jobs: ClusterJobs;
  registry: RegistryClient;
  /** Job → name of its template. */
  templates: Readonly<Record<string, string>>;
}

export async function jobTarget(
  platform: Pick<Platform, "kube" | "registry" | "outputs">,
): Promise<JobTarget> {
  const { training } = await platform.outputs();
  return {
    jobs: clusterJobs(platform.kube, training.namespace),
    registry: platform.registry,
    templates: training.templates,
  };
}

/** Returns the name of the template of a job. Throws where the stack has none. */
export function templateOf({ templates }: JobTarget, job: JobName): string {
  const template = templates[job];
  if (template === undefined)
    throw new Error(
      `the stack has no template for job ${job} (it has ${Object.keys(templates).join(", ")}): npm run up creates it`,
    );
  return template;
}

export interface NamedJob {
  /** Title of the step while the job runs. */
  title: string;
  job: JobName;
  args: readonly string[];
}

/** Runs one job of the platform as a step. Waits for a Job with the same arguments that runs already. Throws JobFailed. */
export function runNamedJob(
  target: JobTarget,
  progress: Progress,
  { title, job, args }: NamedJob,
): Promise<StepResult> {
  const template = templateOf(target, job);
  return progress.step(title, (step) =>
    runJob(target.jobs, { template, args, onStatus: (status) => step.update(status) }),
  );
}
