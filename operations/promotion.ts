import type { Progress } from "../local/progress.ts";
import { artifactRepository } from "../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../runtime/contract/artifact-reference.ts";
import { LATEST, type ModelAlias } from "../runtime/contract/moving-tags.ts";
import { trainingTarget } from "./candidates.ts";
import { JobFailed } from "./kubernetes-job.ts";
import type { Platform } from "./platform.ts";
import type { ServiceOutput } from "../stacks/platform-outputs.ts";
import { runStep, taggedReference, type Candidate } from "./training-chain.ts";

type Passed = Extract<Candidate, { verdict: "passed" }>;

/** Points an alias of a model at one of its versions. */
export async function moveAlias(
  platform: Platform,
  progress: Progress,
  alias: ModelAlias,
  reference: string,
): Promise<void> {
  const { repository, digest } = parseArtifactReference(reference);
  await platform.registry.putTag(repository, alias, digest);
  progress.note(`${repository}:${alias} → ${digest}`);
}

/**
 * Staging, validation, production: deploys the candidate to whatever follows `challenger`, tests it there, and only then moves
 * `champion`. Throws, and leaves production as it was, if the validation does not pass.
 */
export async function promote(platform: Platform, progress: Progress, candidate: Passed): Promise<void> {
  const { model, reference } = candidate;
  await moveAlias(platform, progress, "challenger", reference);
  await platform.deploy(`Deploy ${model} to staging`);
  const staging = (await servicesOf(platform, candidate)).filter(({ digest }) => reference.endsWith(digest));
  if (staging.length === 0) throw new Error(await nothingToValidate(platform, candidate));
  for (const service of staging) await validate(platform, progress, candidate, service);
  await moveAlias(platform, progress, "champion", reference);
  await platform.deploy(`Deploy ${model} to production`);
}

/** Runs the smoke test against one service, from inside the cluster. Throws with the checks that failed. */
async function validate(
  platform: Platform,
  progress: Progress,
  { model, workload, reference }: Passed,
  service: ServiceOutput,
): Promise<void> {
  const target = await trainingTarget(platform);
  const args = ["--model", reference, "--url", service.url];
  try {
    const result = await runStep(
      target,
      progress,
      `Validate ${model} in ${service.environment}`,
      "validate",
      args,
    );
    const { capacityPerSecond } = result.summary;
    if (typeof capacityPerSecond === "number")
      progress.note(
        `${model} answers at most ${Math.round(capacityPerSecond)} requests a second in ${service.environment}`,
      );
    if (result.artifact === undefined) return;
    const { repository, digest } = parseArtifactReference(result.artifact);
    await platform.registry.putTag(repository, LATEST, digest);
  } catch (error) {
    const summary = error instanceof JobFailed ? error.result?.summary : undefined;
    const champion = await taggedReference(platform.registry, workload, "model", model, "champion");
    throw new Error(
      `${model} is not promoted: its validation in ${service.environment} failed${summary ? `: ${JSON.stringify(summary)}` : ""}; ` +
        `production stays as it was (${champion ?? "no model"})`,
      { cause: error },
    );
  }
}

/** Validation runs in a pod, and a service outside of the cluster takes no requests but signed ones. */
async function nothingToValidate(platform: Platform, candidate: Candidate): Promise<string> {
  const { managedServices } = await platform.outputs();
  const outside = managedServices
    .filter(({ model, workload }) => model === candidate.model && workload === candidate.workload)
    .map(({ environment, name, target }) => `${environment}/${name} on ${target}`);
  const told = outside.length === 0 ? "" : ` (outside of it: ${outside.join(", ")})`;
  return (
    `${candidate.model}: no service of stack ${platform.stackName} in the cluster follows challenger${told}, ` +
    `so that nothing can be validated; let one without target follow it`
  );
}

async function servicesOf(platform: Platform, { model, workload }: Candidate): Promise<ServiceOutput[]> {
  const { services } = await platform.outputs();
  return services.filter((service) => service.model === model && service.workload === workload);
}

/** Digest that an alias names; undefined where it names none. */
export function aliasDigest(
  platform: Platform,
  candidate: Candidate,
  alias: ModelAlias,
): Promise<string | undefined> {
  return platform.registry.resolveTag(
    artifactRepository(candidate.workload, "model", candidate.model),
    alias,
  );
}
