import { STEP_NAMES, type StepName } from "./pipeline.ts";

/** Jobs with a template in the stack: the steps of the pipeline, and jobs that call a running service. */
export const JOB_NAMES = [...STEP_NAMES, "validate", "replay"] as const;
export type JobName = StepName | "validate" | "replay";

/** Limits and needs of a job. */
export interface JobTemplate {
  /** True if the job reads or writes the online feature store. */
  usesFeatureStore: boolean;
  /** Time after its start at which the job is killed, including retries. */
  deadlineSeconds: number;
  /** Retries after a failure. Jobs that judge a model have none: another run would give the same verdict. */
  retries: number;
  /** Size of `/tmp`: data sets and models pass through it. */
  tmpMib: number;
}

const step: JobTemplate = { usesFeatureStore: false, deadlineSeconds: 1800, retries: 1, tmpMib: 4096 };
const caller: JobTemplate = { ...step, deadlineSeconds: 900, retries: 0, tmpMib: 1024 };

export const JOB_TEMPLATES: Readonly<Record<JobName, JobTemplate>> = {
  fetch: step,
  ingest: step,
  materialize: { ...step, usesFeatureStore: true },
  features: step,
  train: step,
  evaluate: { ...step, retries: 0 },
  package: step,
  validate: caller,
  replay: caller,
};
