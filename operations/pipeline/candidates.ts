import type { Progress } from "../../local/progress.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import type { DefinitionDigests } from "../../runtime/contract/definition-digests.ts";
import { LATEST } from "../../runtime/contract/moving-tags.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { brokenWorkloads, loadWorkload } from "../../workloads/catalog.ts";
import { workloadFaults } from "../author/workload-faults.ts";
import { commandFor } from "../command-for.ts";
import type { Platform } from "../platform.ts";
import { changedParts } from "./changed-parts.ts";
import { jobTarget } from "./job-target.ts";
import { howToRegister, isImported, registeredCandidate } from "./registered-candidate.ts";
import { pinSource } from "./pin-source.ts";
import { publishLocalSource } from "./publish-local-source.ts";
import { readEvaluation } from "./read-evaluation.ts";
import {
  runPipeline,
  toCandidate,
  type Candidate,
  type FailedTraining,
  type TrainingOutcome,
} from "./run-pipeline.ts";
import { taggedReference } from "./step-artifacts.ts";

/**
 * Returns the outcome of training for every model of the stack's workloads. Trains those that were never trained, and notes those
 * whose definition has changed since, and models that wait for their file. A workload that fails does not stop the others.
 *
 * @param workloadOf - definition of a workload. @default - the catalogue's
 */
export async function ensureCandidates(
  platform: Platform,
  progress: Progress,
  workloadOf: (name: string) => Promise<Workload> = loadWorkload,
): Promise<TrainingOutcome[]> {
  const outcomes: TrainingOutcome[] = [];
  for (const name of (await platform.outputs()).workloads) {
    const broken = (await brokenWorkloads()).find((each) => each.workload === name);
    if (broken !== undefined) {
      outcomes.push(...failedModels(name, broken.models ?? ["all models"], broken.message));
      continue;
    }
    const workload = await workloadOf(name);
    const missing: string[] = [];
    for (const { name: model } of workload.models) {
      const last = await lastTraining(platform, name, model);
      const registered = isImported(workload, model)
        ? await registeredCandidate(platform.registry, name, model)
        : undefined;
      if (last !== undefined) outcomes.push(last.candidate);
      else if (isImported(workload, model) && registered === undefined)
        progress.note(`${model} is left out: ${howToRegister(model)}`);
      else missing.push(model);
      if (last !== undefined && registered !== undefined && registered.registration.onnx !== last.onnx)
        progress.note(
          `${model}: a newer file is registered and not judged: ${commandFor("train", platform.flags, "--model", model)}`,
        );
      const changed = changedParts(workload, model, last?.definitions);
      if (changed.length > 0)
        progress.note(
          `${model}: ${changed.join(" and ")} changed since it was trained: ${commandFor("train", platform.flags, "--model", model)}`,
        );
    }
    if (missing.length > 0) outcomes.push(...(await trainModels(platform, progress, workload, missing)));
  }
  return outcomes;
}

/** Trains models of a workload in the cluster, from its source on. Reuses artifacts of the same inputs. */
export async function trainModels(
  platform: Platform,
  progress: Progress,
  workload: Workload,
  models: readonly string[],
  { again = false }: { again?: boolean } = {},
): Promise<TrainingOutcome[]> {
  // Faults that are seen without data start no Job. Those of one model do not concern the others.
  const faults = await workloadFaults([workload.name]);
  const refused = models.flatMap((model) => {
    const own = faults.filter((fault) => (fault.model ?? model) === model);
    return own.length === 0
      ? []
      : failedModels(workload.name, [model], own.map(({ message }) => message).join("; "));
  });
  for (const { model, reason } of refused) progress.note(`✗ ${model} is not trained: ${reason}`);
  const sound = models.filter((model) => !refused.some((each) => each.model === model));
  if (sound.length === 0) return refused;
  try {
    const pinned = await pinSource(workload);
    const source =
      platform.plan.local || pinned.source.kind === "files"
        ? await publishLocalSource(platform.registry, progress, pinned)
        : undefined;
    const run = { workload: pinned, models: sound, source, again };
    return [...refused, ...(await runPipeline(await jobTarget(platform), progress, run))];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    progress.note(`✗ ${workload.name} is not trained: ${reason}`);
    return [...refused, ...failedModels(workload.name, sound, reason)];
  }
}

function failedModels(workload: string, models: readonly string[], reason: string): FailedTraining[] {
  return models.map((model) => ({ workload, model, verdict: "failed", reason }));
}

/** Returns the result of the last training of a model; undefined where there is none, or it did not finish. */
export async function lastCandidate(
  platform: Pick<Platform, "registry">,
  workload: string,
  model: string,
): Promise<Candidate | undefined> {
  return (await lastTraining(platform, workload, model))?.candidate;
}

export interface LastTraining {
  candidate: Candidate;
  definitions: DefinitionDigests | undefined;
  /** sha256 of the `model.onnx` that was judged; undefined for an older evaluation. */
  onnx: string | undefined;
}

/** Returns the last training of a model, with the digests of the definition that it had; undefined where there is none. */
export async function lastTraining(
  { registry }: Pick<Platform, "registry">,
  workload: string,
  model: string,
): Promise<LastTraining | undefined> {
  const latest = (kind: "evaluation" | "model"): Promise<string | undefined> =>
    taggedReference(registry, artifactRepository(workload, kind, model), LATEST);
  const [reference, packaged] = await Promise.all([latest("evaluation"), latest("model")]);
  if (reference === undefined) return undefined;
  const evaluation = await readEvaluation({ registry }, reference);
  const candidate = toCandidate(evaluation, packaged);
  const { definitions, onnx } = evaluation;
  return candidate === undefined ? undefined : { candidate, definitions, onnx };
}
