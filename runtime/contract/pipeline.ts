import type { ArtifactKind } from "./artifact-kind.ts";

/** Steps from source to model, each one job of the runtime image, in an order that every edge allows. */
export const STEP_NAMES = ["ingest", "materialize", "features", "train", "evaluate", "package"] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** The value of one argument: something that the run was started with, or the artifact that an earlier step made. */
export type StepArgument = { input: "workload" | "model" | "source" } | { artifactOf: StepName };

export interface PipelineStep {
  /** What a person reads while it runs, after the name of the workload or the model. */
  title: string;
  /** Whether it runs once for the workload or once for each of its models. */
  per: "workload" | "model";
  /** Flag, without dashes, and its value. */
  args: Readonly<Record<string, StepArgument>>;
  /** Steps that have to end well before it, besides those whose artifacts it takes. @default none */
  after?: readonly StepName[];
  /** It runs only if the evaluation that this step made passed its gate. @default - it always runs */
  gatedBy?: StepName;
  /** Kind of the artifact that it makes. @default none: it runs each time, because only its effect counts */
  makes?: ArtifactKind;
}

/**
 * The pipeline as data. Job templates, whoever runs the steps, registries' rules and pages that draw it are derived from it:
 * nothing else knows which step follows which.
 */
export const PIPELINE: Readonly<Record<StepName, PipelineStep>> = {
  ingest: {
    title: "ingest and check the data",
    per: "workload",
    args: { workload: { input: "workload" }, source: { input: "source" } },
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
    args: { workload: { input: "workload" }, model: { input: "model" }, dataset: { artifactOf: "ingest" } },
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
    // A packaged model may be deployed, and a server looks up what is in the store.
    after: ["materialize"],
    gatedBy: "evaluate",
    makes: "model",
  },
};

/** The steps that have to end well before a step starts. */
export function stepsBefore(step: StepName): StepName[] {
  const { args, after = [], gatedBy } = PIPELINE[step];
  const taken = Object.values(args).flatMap((value) => ("artifactOf" in value ? [value.artifactOf] : []));
  return [...new Set([...taken, ...after, ...(gatedBy === undefined ? [] : [gatedBy])])];
}
