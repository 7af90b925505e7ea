import type { Progress } from "../local/progress.ts";
import { artifactRepository } from "../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../runtime/contract/artifact-reference.ts";
import type { ServiceOutput } from "../stacks/platform-outputs.ts";
import type { StepResult } from "../runtime/contract/step-result.ts";
import { LATEST, type ModelAlias } from "../runtime/contract/moving-tags.ts";
import { loadWorkload } from "../workloads/catalog.ts";
import { commandFor } from "./command-for.ts";
import { configuredServices, type ConfiguredService } from "./configured-services.ts";
import { checkModel } from "./models/check-model.ts";
import { JobFailed } from "./pipeline/job-failed.ts";
import { jobTarget, runNamedJob } from "./pipeline/job-target.ts";
import type { Candidate } from "./pipeline/run-pipeline.ts";
import { taggedReference } from "./pipeline/step-artifacts.ts";
import type { Platform } from "./platform.ts";

export type Passed = Extract<Candidate, { verdict: "passed" }>;

/** Points an alias of a model at one of its versions. */
export async function moveAlias(
  { registry }: Pick<Platform, "registry">,
  progress: Progress,
  alias: ModelAlias,
  reference: string,
): Promise<void> {
  const { repository, digest } = parseArtifactReference(reference);
  await registry.putTag(repository, alias, digest);
  progress.note(`${repository}:${alias} → ${digest}`);
}

/**
 * Deploys a candidate to the services that follow `challenger`, validates it there, then moves `champion` and deploys again.
 * Throws where the validation fails, and leaves production as it was. An interrupted promotion is run again from the top: steps
 * that are done already change nothing.
 */
export async function promote(platform: Platform, progress: Progress, candidate: Passed): Promise<void> {
  const { model, reference } = candidate;
  const { digest } = parseArtifactReference(reference);
  await refuseUnfit(platform, candidate);
  await moveAlias(platform, progress, "challenger", reference);
  await platform.deploy(`Deploy ${model} to staging`);
  const staging = (await servicesOf(platform, candidate)).filter((service) => service.digest === digest);
  if (staging.length === 0) throw new Error(await nothingToValidate(platform, candidate));
  for (const service of staging) await validate(platform, progress, candidate, service);
  await moveAlias(platform, progress, "champion", reference);
  await platform.deploy(`Deploy ${model} to production`);
  for (const { environment, service } of (await pinningServices(platform, candidate)).filter(
    (each) => each.digest !== digest,
  ))
    progress.note(
      `${environment}/${service} follows no tag: pin the version in its file, then deploy: ${pinCommand(platform, `${environment}/${service}`, digest)}`,
    );
}

/** Throws where the parts of a model belong to another, or the gate refuses it as it is in the checkout now. */
async function refuseUnfit(
  { registry, flags }: Pick<Platform, "registry" | "flags">,
  { workload, model, reference }: Passed,
): Promise<void> {
  const { faults, gate } = await checkModel(registry, reference, await loadWorkload(workload));
  const reasons = [
    ...faults,
    ...(gate === undefined ? [] : [`its gate, as it is in this checkout, refuses it: ${gate}`]),
  ];
  if (reasons.length > 0)
    throw new Error(
      `${model} is not promoted: ${reasons.join("; ")}; production stays as it was; train again: ${commandFor("train", flags, "--model", model)}`,
    );
}

/** Returns the services in the cluster that follow no tag of a candidate's model, so that a change of the stack's file moves them. */
async function pinningServices(
  platform: Pick<Platform, "stackFile">,
  { model, workload }: Pick<Candidate, "model" | "workload">,
): Promise<ConfiguredService[]> {
  return configuredServices(await platform.stackFile()).filter(
    (each) =>
      each.modelName === model && each.workload === workload && each.inCluster && each.follow === undefined,
  );
}

function pinCommand({ flags }: Pick<Platform, "flags">, service: string, digest: string): string {
  return `npm run pin -- --stack ${flags.stack} --service ${service} --digest ${digest}`;
}

/** Validates a candidate in one service, and tags the report. Throws an error with the failed checks. */
async function validate(
  platform: Platform,
  progress: Progress,
  candidate: Passed,
  service: ServiceOutput,
): Promise<void> {
  const { model } = candidate;
  const { artifact, summary } = await runValidation(platform, progress, candidate, service);
  const { capacityPerSecond } = summary;
  if (typeof capacityPerSecond === "number")
    progress.note(
      `${model} answers at most ${Math.round(capacityPerSecond)} requests a second in ${service.environment}`,
    );
  // The validation has passed: an error of the registry here is not a failed validation.
  if (artifact === undefined) return;
  const { repository, digest } = parseArtifactReference(artifact);
  await platform.registry.putTag(repository, LATEST, digest);
}

/** Runs the validation job against one service, from inside the cluster. */
async function runValidation(
  platform: Platform,
  progress: Progress,
  { model, workload, reference }: Passed,
  service: ServiceOutput,
): Promise<StepResult> {
  const target = await jobTarget(platform);
  const title = `Validate ${model} in ${service.environment}`;
  try {
    return await runNamedJob(target, progress, {
      title,
      job: "validate",
      args: ["--model", reference, "--url", service.url],
    });
  } catch (error) {
    if (!(error instanceof JobFailed)) throw error;
    const checks = error.result === undefined ? "" : `: ${JSON.stringify(error.result.summary)}`;
    const champion = await taggedReference(
      platform.registry,
      artifactRepository(workload, "model", model),
      "champion",
    ).catch(() => "not known, because the registry does not answer");
    throw new Error(
      `${model} is not promoted: its validation in ${service.environment} failed${checks}; ` +
        `production stays as it was (${champion ?? "no model"})`,
      { cause: error },
    );
  }
}

/** Explains that no service can be validated. Services outside of the cluster take only signed requests, which a pod cannot send. */
async function nothingToValidate(platform: Platform, candidate: Passed): Promise<string> {
  const { managedServices } = await platform.outputs();
  const outside = managedServices
    .filter(({ model, workload }) => model === candidate.model && workload === candidate.workload)
    .map(({ environment, name, target }) => `${environment}/${name} on ${target}`);
  const others = outside.length === 0 ? "" : ` (outside of it: ${outside.join(", ")})`;
  const { digest } = parseArtifactReference(candidate.reference);
  const [first] = await pinningServices(platform, candidate);
  const pin =
    first === undefined
      ? ""
      : `, or pin the version in one, deploy, and promote again: ${pinCommand(platform, `${first.environment}/${first.service}`, digest)}`;
  return (
    `${candidate.model}: no service of stack ${platform.flags.stack} in the cluster follows challenger or pins this version${others}, ` +
    `so that nothing can be validated; let one without target follow challenger${pin}`
  );
}

/** Returns the services in the cluster that serve a candidate's model. */
export async function servicesOf(
  platform: Pick<Platform, "outputs">,
  { model, workload }: Pick<Candidate, "model" | "workload">,
): Promise<ServiceOutput[]> {
  const { services } = await platform.outputs();
  return services.filter((service) => service.model === model && service.workload === workload);
}

/** Returns the digest of an alias of a model; undefined where there is no such alias. */
export function aliasDigest(
  { registry }: Pick<Platform, "registry">,
  { workload, model }: Pick<Candidate, "workload" | "model">,
  alias: ModelAlias,
): Promise<string | undefined> {
  return registry.resolveTag(artifactRepository(workload, "model", model), alias);
}
