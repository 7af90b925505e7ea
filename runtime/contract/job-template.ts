import { STEP_NAMES, type StepName } from "./pipeline.ts";

/** Jobs that the stack deploys a template of: the steps of the pipeline, and jobs that call a running service. */
export const JOB_NAMES = [...STEP_NAMES, "validate", "replay"] as const;
export type JobName = StepName | "validate" | "replay";

/** What a job is allowed, wherever it runs. */
export interface JobTemplate {
  /** It reads or writes the online feature store. */
  usesFeatureStore: boolean;
  /** Time from its start to its end by force, retries included. */
  deadlineSeconds: number;
  /** Runs after the first that failed. A verdict does not change by asking again: jobs that judge have none. */
  retries: number;
  /** Size of `/tmp`: data sets and models pass through it. */
  tmpMib: number;
}

const step: JobTemplate = { usesFeatureStore: false, deadlineSeconds: 1800, retries: 1, tmpMib: 4096 };
const caller: JobTemplate = { ...step, deadlineSeconds: 900, retries: 0, tmpMib: 1024 };

export const JOB_TEMPLATES: Readonly<Record<JobName, JobTemplate>> = {
  ingest: step,
  materialize: { ...step, usesFeatureStore: true },
  features: step,
  train: step,
  evaluate: { ...step, retries: 0 },
  package: step,
  validate: caller,
  replay: caller,
};
