import type { Progress } from "../local/progress.ts";
import { parseArtifactReference } from "../runtime/contract/artifact-reference.ts";
import type { Workload } from "../runtime/contract/workload.ts";
import { describeError } from "../runtime/errors.ts";
import { commandFor } from "./command-for.ts";
import { sendFirstTraffic } from "./first-traffic.ts";
import { Interrupted } from "./interrupted.ts";
import { ensureCandidates } from "./pipeline/candidates.ts";
import type { Candidate } from "./pipeline/run-pipeline.ts";
import type { Platform } from "./platform.ts";
import { aliasDigest, promote } from "./promotion.ts";

/** A model that could not be brought up, and why. */
export interface FailedModel {
  workload: string;
  model: string;
  reason: string;
}

/**
 * Trains every model of the stack's workloads that was never trained, and promotes the first version of each to production. A
 * model that fails does not stop the others. Returns the failed ones.
 */
export async function bringUpModels(
  platform: Platform,
  progress: Progress,
  workloadOf?: (name: string) => Promise<Workload>,
): Promise<FailedModel[]> {
  const failed: FailedModel[] = [];
  for (const outcome of await ensureCandidates(platform, progress, workloadOf)) {
    const { workload, model } = outcome;
    if (outcome.verdict === "failed") {
      failed.push({ workload, model, reason: outcome.reason });
      continue;
    }
    try {
      await bringUp(platform, progress, outcome);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      const reason = describeError(error);
      failed.push({ workload, model, reason });
      progress.note(`✗ ${workload}/${model} is not brought up: ${reason}`);
    }
  }
  return failed;
}

/** Promotes the first version of a model. Notes a newer version that waits for `npm run promote`. */
async function bringUp(platform: Platform, progress: Progress, candidate: Candidate): Promise<void> {
  if (candidate.verdict === "refused") return;
  const { model, reference } = candidate;
  const champion = await aliasDigest(platform, candidate, "champion");
  if (champion === undefined) await promote(platform, progress, candidate);
  else if (champion !== parseArtifactReference(reference).digest)
    progress.note(
      `${model}: a newer version is trained and not in production: ${commandFor("promote", platform.flags, "--model", model)}`,
    );
  await sendFirstTraffic(platform, progress, candidate);
}
