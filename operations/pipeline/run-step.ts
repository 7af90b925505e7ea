import type { Progress } from "../../local/progress.ts";
import { PIPELINE, type StepName } from "../../runtime/contract/pipeline.ts";
import { inputsHash } from "./job-from-template.ts";
import { templateOf, type JobTarget } from "./job-target.ts";
import { runJob } from "./run-job.ts";
import { knownArtifact, repositoryOf, tagArtifact } from "./step-artifacts.ts";

/** Inputs of one step. */
export interface StepInputs {
  workload: string;
  /** @default - none: the step belongs to the workload */
  model?: string | undefined;
  /** Reference of the step's part of the definition. */
  definition: string;
  /** Artifacts of the earlier steps of the run. */
  artifacts: ReadonlyMap<StepName, string>;
  /** Version in production with which the gate compares. @default - none */
  champion?: string | undefined;
}

/**
 * Runs one step and returns its artifact. Skips a step with the inputs and the image of an earlier run, if its artifact is still in
 * the registry and `again` is false.
 */
export async function runStep(
  target: JobTarget,
  progress: Progress,
  name: StepName,
  inputs: StepInputs,
  again = false,
): Promise<string | undefined> {
  const { title, makes } = PIPELINE[name];
  const template = templateOf(target, name);
  const args = stepArguments(name, inputs);
  return progress.step(`${inputs.model ?? inputs.workload}: ${title}`, async (step) => {
    const onStatus = (status: string): void => step.update(status);
    if (makes === undefined) {
      await runJob(target.jobs, { template, args, onStatus });
      return undefined;
    }
    const hash = inputsHash(await target.jobs.template(template), args);
    const repository = repositoryOf(makes, inputs.workload, inputs.model);
    const known = again ? undefined : await knownArtifact(target.registry, repository, hash);
    if (known !== undefined) step.cached("the inputs are those of an earlier run");
    const artifact =
      known ?? (await runJob(target.jobs, { template, args, onStatus, reuseFinished: !again })).artifact;
    if (artifact === undefined)
      throw new Error(`${name}: it ended without an error, and without an artifact`);
    await tagArtifact(target.registry, artifact, hash);
    return artifact;
  });
}

/** Returns the flags of a step with their values. */
export function stepArguments(name: StepName, { definition, artifacts, champion }: StepInputs): string[] {
  const taken = Object.entries(PIPELINE[name].takes).flatMap(([flag, step]) => {
    const artifact = artifacts.get(step);
    if (artifact === undefined)
      throw new Error(`${name}: --${flag} has no value: ${step} has no artifact in this run`);
    return [`--${flag}`, artifact];
  });
  return ["--definition", definition, ...taken, ...(champion === undefined ? [] : ["--champion", champion])];
}
