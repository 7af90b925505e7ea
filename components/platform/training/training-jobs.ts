import { JOB_TEMPLATES, type JobName, type JobTemplate } from "../../../runtime/contract/job-template.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import type { ResourceOptions } from "../kubernetes/resources.ts";

export interface TrainingJob extends JobTemplate, ResourceOptions {}

export interface TrainingJobsOptions {
  /** Owner of the fields, for errors. */
  name: string;
  cpuLimitMillis: number;
  memoryMib: number;
}

/** What each job of the contract may use of a machine. */
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
