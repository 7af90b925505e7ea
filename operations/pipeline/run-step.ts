import type { Progress } from "../../local/progress.ts";
import { PIPELINE, type PipelineInput, type StepName } from "../../runtime/contract/pipeline.ts";
import { inputsHash } from "./job-from-template.ts";
import { templateOf, type JobTarget } from "./job-target.ts";
import { runJob } from "./run-job.ts";
import { knownArtifact, repositoryOf, tagArtifact } from "./step-artifacts.ts";

/** What a step of one run can take: the inputs of the run and the artifacts of the steps before. */
export interface StepInputs extends Readonly<Partial<Record<PipelineInput, string>>> {
  workload: string;
  artifacts: ReadonlyMap<StepName, string>;
}

/**
 * Runs one step and returns the artifact that it made. A step whose inputs and image are those of an earlier run is not run
 * again where its artifact is still in the registry, unless `again` says so.
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
    if (artifact === undefined) throw new Error(`${name}: it ended well but made no artifact`);
    await tagArtifact(target.registry, artifact, hash);
    return artifact;
  });
}

/** The flags of a step, with the values that its description names. */
export function stepArguments(name: StepName, inputs: StepInputs): string[] {
  return Object.entries(PIPELINE[name].args).flatMap(([flag, from]) => {
    const value = "input" in from ? inputs[from.input] : inputs.artifacts.get(from.artifactOf);
    if (value === undefined)
      throw new Error(`${name}: --${flag} has no value: ${JSON.stringify(from)} is missing`);
    return [`--${flag}`, value];
  });
}
