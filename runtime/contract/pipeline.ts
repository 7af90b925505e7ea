import type { ArtifactKind } from "./artifact-kind.ts";

/** Steps from source to model, each a job of the runtime image, in an order in which they can run. */
export const STEP_NAMES = [
  "fetch",
  "ingest",
  "materialize",
  "features",
  "train",
  "evaluate",
  "package",
] as const;
export type StepName = (typeof STEP_NAMES)[number];

export interface PipelineStep {
  /** Text that a person reads while the step runs, after the name of the workload or the model. */
  title: string;
  /** Whether the step runs once for the workload or once for each of its models. */
  per: "workload" | "model";
  /** Flag, without dashes → earlier step whose artifact is its value. Every step also takes `--definition`, its part of the definition. */
  takes: Readonly<Record<string, StepName>>;
  /** Whether the step takes `--champion` too, the version in production, if the gate compares with it. @default false */
  takesChampion?: boolean;
  /** Steps that must succeed before this one, besides those whose artifacts it takes. @default - none */
  after?: readonly StepName[];
  /** Step whose evaluation must have passed its gate. @default - the step always runs */
  gatedBy?: StepName;
  /** Kind of the artifact that the step makes. @default - none: the step runs each time, for its effect */
  makes?: ArtifactKind;
}

/**
 * The pipeline as data. Job templates, the runner, the rules of registries and pages that draw the pipeline are derived from it;
 * nothing else has the order of the steps.
 */
export const PIPELINE: Readonly<Record<StepName, PipelineStep>> = {
  fetch: {
    title: "fetch the source",
    per: "workload",
    takes: {},
    makes: "source",
  },
  ingest: {
    title: "ingest and check the data",
    per: "workload",
    takes: { source: "fetch" },
    makes: "dataset",
  },
  materialize: {
    title: "fill the online store",
    per: "workload",
    takes: { dataset: "ingest" },
  },
  features: {
    title: "compute features",
    per: "model",
    takes: { dataset: "ingest" },
    makes: "features",
  },
  train: {
    title: "train",
    per: "model",
    takes: { features: "features" },
    makes: "candidate",
  },
  evaluate: {
    title: "evaluate",
    per: "model",
    takes: { candidate: "train" },
    takesChampion: true,
    makes: "evaluation",
  },
  package: {
    title: "package",
    per: "model",
    takes: { candidate: "train", evaluation: "evaluate" },
    // A packaged model may be deployed, and its server looks up features in the online store.
    after: ["materialize"],
    gatedBy: "evaluate",
    makes: "model",
  },
};

/** Returns the steps that must succeed before a step starts. */
export function stepsBefore(step: StepName): StepName[] {
  const { takes, after = [], gatedBy } = PIPELINE[step];
  return [...new Set([...Object.values(takes), ...after, ...(gatedBy === undefined ? [] : [gatedBy])])];
}
