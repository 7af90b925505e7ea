import type { Progress } from "../local/progress.ts";
import { describeError } from "../runtime/errors.ts";
import { loadWorkload } from "../workloads/catalog.ts";
import { lastCandidate, trainModels } from "./candidates.ts";
import { sendFirstTraffic } from "./first-traffic.ts";
import { Interrupted } from "./interrupted.ts";
import type { Platform } from "./platform.ts";
import { aliasDigest, promote } from "./promotion.ts";
import type { Candidate } from "./training-chain.ts";
import { parseArtifactReference } from "../runtime/contract/artifact-reference.ts";

/** A model that could not be brought up, and why. */
export interface FailedModel {
  workload: string;
  model: string;
  reason: string;
}

/**
 * Trains every model of the stack's workloads that never was, and takes the first version of each to production. A model
 * that fails stops no other. Returns those that failed.
 */
export async function bringUpModels(platform: Platform, progress: Progress): Promise<FailedModel[]> {
  const failed: FailedModel[] = [];
  for (const workload of (await platform.outputs()).workloads) {
    const { candidates, failed: untrained } = await candidatesOf(platform, progress, workload);
    failed.push(...untrained);
    for (const candidate of candidates) {
      const { model } = candidate;
      await guarded(failed, { workload, model }, progress, () => bringUp(platform, progress, candidate));
    }
  }
  return failed;
}

/** Promotes the first version of a model; says where a newer one waits for a person. */
async function bringUp(platform: Platform, progress: Progress, candidate: Candidate): Promise<void> {
  if (candidate.verdict === "refused") return;
  const { model, reference } = candidate;
  const champion = await aliasDigest(platform, candidate, "champion");
  if (champion === undefined) await promote(platform, progress, candidate);
  else if (champion !== parseArtifactReference(reference).digest)
    progress.note(
      `${model}: a newer version is trained and not in production: npm run promote -- --model ${model}`,
    );
  await sendFirstTraffic(platform, progress, candidate);
}

/** What training has made of the models of a workload; trains those that have nothing. */
async function candidatesOf(
  platform: Platform,
  progress: Progress,
  name: string,
): Promise<{ candidates: Candidate[]; failed: FailedModel[] }> {
  const failed: FailedModel[] = [];
  const workload = await loadWorkload(name);
  const candidates: Candidate[] = [];
  let untrained: string[] = [];
  for (const { name: model } of workload.models) {
    const known = await lastCandidate(platform, name, model);
    if (known === undefined) untrained.push(model);
    else candidates.push(known);
  }
  while (untrained.length > 0) {
    const before = failed.length;
    await guarded(failed, { workload: name, model: untrained.join(", ") }, progress, async () => {
      candidates.push(...(await trainModels(platform, progress, workload, untrained)));
    });
    if (failed.length === before) break;
    // The models before the one that failed are trained: their results are in the registry.
    const done = await Promise.all(untrained.map((model) => lastCandidate(platform, name, model)));
    const at = done.findIndex((candidate) => candidate === undefined);
    const [model = ""] = untrained.slice(Math.max(at, 0));
    failed[before] = { ...failed[before]!, model };
    candidates.push(...done.slice(0, at).filter((candidate) => candidate !== undefined));
    untrained = untrained.slice(at + 1);
    if (at < 0 || sameReason(failed, before)) {
      failed.push(...untrained.map((rest) => ({ ...failed[before]!, model: rest })));
      break; // what stops one model for the same reason as the last stops them all: the workload's data
    }
  }
  return { candidates, failed };
}

function sameReason(failed: readonly FailedModel[], at: number): boolean {
  return at > 0 && failed[at - 1]?.reason === failed[at]?.reason;
}

/** Runs work for a model and records its failure. An interrupt ends everything. */
async function guarded(
  failed: FailedModel[],
  { workload, model }: { workload: string; model: string },
  progress: Progress,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const reason = describeError(error);
    failed.push({ workload, model, reason });
    progress.note(`✗ ${workload}/${model}: ${reason}`);
  }
}
