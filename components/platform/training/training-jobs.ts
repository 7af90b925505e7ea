import { JOB_TEMPLATES, type JobName, type JobTemplate } from "../../../runtime/contract/job-template.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import type { ResourceOptions } from "../kubernetes/resources.ts";

export interface TrainingJob extends JobTemplate, ResourceOptions {}

export interface TrainingJobsOptions {
  /** Name of the component, for errors. */
  name: string;
  cpuLimitMillis: number;
  memoryMib: number;
}

/** Returns the template of each job with its CPU and memory. Throws if a limit is too small. */
export function trainingJobs(options: TrainingJobsOptions): Record<JobName, TrainingJob> {
  const { name, cpuLimitMillis, memoryMib } = options;
  atLeast(100, cpuLimitMillis, `${name}: cpuLimitMillis`);
  atLeast(1024, memoryMib, `${name}: memoryMib`);
  const machine: ResourceOptions = {
    cpuRequestMillis: Math.min(250, cpuLimitMillis),
    cpuLimitMillis,
    memoryMib,
    memoryRequestMib: 512,
  };
  const jobs = Object.entries(JOB_TEMPLATES).map(([job, template]) => [job, { ...template, ...machine }]);
  return Object.fromEntries(jobs) as Record<JobName, TrainingJob>;
}
