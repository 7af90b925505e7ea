import { atLeast } from "../kubernetes/at-least.ts";
import type { ResourceOptions } from "../kubernetes/resources.ts";

/** Jobs of the runtime image that the pipeline runs, in their order. */
export const JOB_NAMES = [
  "ingest",
  "features",
  "train",
  "evaluate",
  "package",
  "materialize",
  "validate",
  "replay",
] as const;
export type JobName = (typeof JOB_NAMES)[number];

export interface TrainingJob extends ResourceOptions {
  usesFeatureStore: boolean;
  /** Time from start to being ended, retries included. */
  deadlineSeconds: number;
  /** Runs after the first that failed. A verdict does not change by asking again: judging steps have none. */
  retries: number;
  /** Size of `/tmp`: data sets and models pass through it. */
  tmpMib: number;
}

export interface TrainingJobsOptions {
  /** Owner of the fields, for errors. */
  name: string;
  cpuLimitMillis: number;
  memoryMib: number;
}

/** What each job may use and how long it may take. */
export function trainingJobs(options: TrainingJobsOptions): Record<JobName, TrainingJob> {
  const { name, cpuLimitMillis, memoryMib } = options;
  atLeast(100, cpuLimitMillis, `${name}: cpuLimitMillis`);
  atLeast(1024, memoryMib, `${name}: memoryMib`);
  const heavy: TrainingJob = {
    usesFeatureStore: false,
    deadlineSeconds: 1800,
    retries: 1,
    tmpMib: 4096,
    cpuRequestMillis: Math.min(250, cpuLimitMillis),
    cpuLimitMillis,
    memoryMib,
    memoryRequestMib: 512,
  };
  const caller: TrainingJob = { ...heavy, deadlineSeconds: 900, retries: 0, tmpMib: 1024 };
  return {
    ingest: heavy,
    features: heavy,
    train: heavy,
    evaluate: { ...heavy, retries: 0 },
    package: heavy,
    materialize: { ...heavy, usesFeatureStore: true },
    validate: caller,
    replay: caller,
  };
}
