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

/** Inputs of a run. `definition` is the digest of the caller's definitions: a job refuses to run with others. */
export type PipelineInput = "workload" | "model" | "definition";

/** The value of one argument: an input of the run, or the artifact of an earlier step. */
export type StepArgument = { input: PipelineInput } | { artifactOf: StepName };

export interface PipelineStep {
  /** Text that a person reads while the step runs, after the name of the workload or the model. */
  title: string;
  /** Whether the step runs once for the workload or once for each of its models. */
  per: "workload" | "model";
  /** Flags, without dashes, and their values. */
  args: Readonly<Record<string, StepArgument>>;
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
    args: { workload: { input: "workload" }, definition: { input: "definition" } },
    makes: "source",
  },
  ingest: {
    title: "ingest and check the data",
    per: "workload",
    args: {
      workload: { input: "workload" },
      definition: { input: "definition" },
      source: { artifactOf: "fetch" },
    },
    makes: "dataset",
  },
  materialize: {
    title: "fill the online store",
    per: "workload",
    args: { workload: { input: "workload" }, dataset: { artifactOf: "ingest" } },
  },
  features: {
    title: "compute features",
    per: "model",
    args: {
      workload: { input: "workload" },
      model: { input: "model" },
      definition: { input: "definition" },
      dataset: { artifactOf: "ingest" },
    },
    makes: "features",
  },
  train: {
    title: "train",
    per: "model",
    args: { features: { artifactOf: "features" } },
    makes: "candidate",
  },
  evaluate: {
    title: "evaluate",
    per: "model",
    args: { candidate: { artifactOf: "train" } },
    makes: "evaluation",
  },
  package: {
    title: "package",
    per: "model",
    args: { candidate: { artifactOf: "train" }, evaluation: { artifactOf: "evaluate" } },
    // A packaged model may be deployed, and its server looks up features in the online store.
    after: ["materialize"],
    gatedBy: "evaluate",
    makes: "model",
  },
};

/** Returns the steps that must succeed before a step starts. */
export function stepsBefore(step: StepName): StepName[] {
  const { args, after = [], gatedBy } = PIPELINE[step];
  const taken = Object.values(args).flatMap((value) => ("artifactOf" in value ? [value.artifactOf] : []));
  return [...new Set([...taken, ...after, ...(gatedBy === undefined ? [] : [gatedBy])])];
}
