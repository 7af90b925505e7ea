import type { Progress } from "../../local/progress.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import type { DefinitionDigests } from "../../runtime/contract/definition-digests.ts";
import { LATEST } from "../../runtime/contract/moving-tags.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { commandFor } from "../command-for.ts";
import type { Platform } from "../platform.ts";
import { changedParts } from "./changed-parts.ts";
import { jobTarget } from "./job-target.ts";
import { pinSource } from "./pin-source.ts";
import { publishLocalSource } from "./publish-local-source.ts";
import {
  readEvaluation,
  runPipeline,
  toCandidate,
  type Candidate,
  type TrainingOutcome,
} from "./run-pipeline.ts";
import { taggedReference } from "./step-artifacts.ts";

/**
 * Returns the outcome of training for every model of the stack's workloads. Trains those that were never trained, and notes those
 * whose definition has changed since. A workload that fails does not stop the others.
 */
export async function ensureCandidates(platform: Platform, progress: Progress): Promise<TrainingOutcome[]> {
  const outcomes: TrainingOutcome[] = [];
  for (const name of (await platform.outputs()).workloads) {
    const workload = await loadWorkload(name);
    const missing: string[] = [];
    for (const { name: model } of workload.models) {
      const last = await lastTraining(platform, name, model);
      if (last === undefined) missing.push(model);
      else outcomes.push(last.candidate);
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
  try {
    const pinned = await pinSource(workload);
    const source =
      platform.plan.local || pinned.source.kind === "files"
        ? await publishLocalSource(platform.registry, progress, pinned)
        : undefined;
    return await runPipeline(await jobTarget(platform), progress, {
      workload: pinned,
      models,
      source,
      again,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    progress.note(`✗ ${workload.name} is not trained: ${reason}`);
    return models.map((model) => ({ workload: workload.name, model, verdict: "failed", reason }));
  }
}

/** Returns the result of the last training of a model; undefined where there is none, or it did not finish. */
export async function lastCandidate(
  platform: Pick<Platform, "registry">,
  workload: string,
  model: string,
): Promise<Candidate | undefined> {
  return (await lastTraining(platform, workload, model))?.candidate;
}

/** Returns the last training of a model, with the digests of the definition that it had; undefined where there is none. */
export async function lastTraining(
  { registry }: Pick<Platform, "registry">,
  workload: string,
  model: string,
): Promise<{ candidate: Candidate; definitions: DefinitionDigests | undefined } | undefined> {
  const latest = (kind: "evaluation" | "model"): Promise<string | undefined> =>
    taggedReference(registry, artifactRepository(workload, kind, model), LATEST);
  const [reference, packaged] = await Promise.all([latest("evaluation"), latest("model")]);
  if (reference === undefined) return undefined;
  const evaluation = await readEvaluation({ registry }, reference);
  const candidate = toCandidate(evaluation, packaged);
  return candidate === undefined ? undefined : { candidate, definitions: evaluation.definitions };
}
