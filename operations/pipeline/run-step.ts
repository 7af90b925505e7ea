import type { Progress } from "../../local/progress.ts";
import { PIPELINE, type StepName } from "../../runtime/contract/pipeline.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { inputsHash } from "./job-from-template.ts";
import { templateOf, type JobTarget } from "./job-target.ts";
import { runJob } from "./run-job.ts";
import type { TrainerContainer } from "./with-trainer.ts";
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
  /** Container that trains. @default - none */
  trainer?: TrainerContainer | undefined;
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
  const { trainer } = inputs;
  return progress.step(`${inputs.model ?? inputs.workload}: ${title}`, async (step) => {
    const onStatus = (status: string): void => step.update(status);
    if (makes === undefined) {
      await runJob(target.jobs, { template, args, onStatus });
      return undefined;
    }
    const hash = inputsHash(await target.jobs.template(template), args, trainer);
    const repository = repositoryOf(makes, inputs.workload, inputs.model);
    const known = again ? undefined : await knownArtifact(target.registry, repository, hash);
    if (known !== undefined) step.cached("the inputs are those of an earlier run");
    const run = async (reuseFinished: boolean): Promise<string | undefined> =>
      (await runJob(target.jobs, { template, args, trainer, onStatus, reuseFinished })).artifact;
    let artifact = known ?? (await run(!again));
    // A Job that the cluster still keeps may have made an artifact that was removed since.
    if (
      known === undefined &&
      !again &&
      artifact !== undefined &&
      !(await isThere(target.registry, artifact))
    )
      artifact = await run(false);
    if (artifact === undefined)
      throw new Error(`${name}: it ended without an error, and without an artifact`);
    await tagArtifact(target.registry, artifact, hash);
    return artifact;
  });
}

async function isThere(registry: RegistryClient, reference: string): Promise<boolean> {
  const { repository, digest } = parseArtifactReference(reference);
  return (await registry.getManifest(repository, digest)) !== undefined;
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
