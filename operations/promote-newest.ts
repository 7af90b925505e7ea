import type { Progress } from "../local/progress.ts";
import { parseArtifactReference } from "../runtime/contract/artifact-reference.ts";
import { loadWorkload } from "../workloads/catalog.ts";
import { lastCandidate } from "./pipeline/candidates.ts";
import { commandFor } from "./command-for.ts";
import { modelsOf } from "./models-of.ts";
import type { Platform } from "./platform.ts";
import { aliasDigest, promote, servicesOf } from "./promotion.ts";
import { followsChallenger } from "./first-traffic.ts";
import { refuseOtherChampion } from "./refuse-other-champion.ts";

/**
 * Promotes the result of the last training of a model. Throws where there is nothing to promote. Finishes a promotion that was
 * interrupted after it had moved `champion`: deploys production again.
 */
export async function promoteNewest(platform: Platform, progress: Progress, model: string): Promise<void> {
  const { workloads } = await platform.outputs();
  const [[workload = ""] = []] = await modelsOf(workloads, { stack: platform.flags.stack, model });
  const candidate = await lastCandidate(platform, workload, model);
  if (candidate === undefined)
    throw new Error(
      `${model} was never trained to the end: ${commandFor("train", platform.flags, "--model", model)}`,
    );
  if (candidate.verdict === "refused")
    throw new Error(`${model} is refused by its gate: ${candidate.reason}; production stays as it was`);
  const { digest } = parseArtifactReference(candidate.reference);
  if ((await aliasDigest(platform, candidate, "champion")) !== digest) {
    await refuseOtherChampion(platform.registry, await loadWorkload(workload), candidate);
    return promote(platform, progress, candidate);
  }
  const file = await platform.stackFile();
  const behind = (await servicesOf(platform, candidate)).filter(
    (service) => service.digest !== digest && !followsChallenger(file, service),
  );
  if (behind.length > 0) await platform.deploy(`Deploy ${model} to production`);
  else progress.note(`${model}: ${candidate.reference} is in production already`);
}
