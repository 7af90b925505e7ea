import { withClusterLock } from "../../local/cluster/lock.ts";
import { lineProgress } from "../../local/progress.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { lastCandidate } from "../../operations/candidates.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { aliasDigest, promote as promoteCandidate } from "../../operations/promotion.ts";

/** Takes the last trained version of a model through staging and validation to production. */
export async function promote(flags: PlatformFlags, { model }: { model?: string }): Promise<void> {
  if (model === undefined) throw new Error("--model is missing: npm run promote -- --model NAME");
  await withClusterLock(async () => {
    const progress = lineProgress();
    const platform = await openPlatform(flags, progress);
    for (const workload of (await platform.outputs()).workloads) {
      if (!(await loadWorkload(workload)).models.some(({ name }) => name === model)) continue;
      const candidate = await lastCandidate(platform, workload, model);
      if (candidate === undefined)
        throw new Error(`${model} was never trained to the end: npm run train -- --model ${model}`);
      if (candidate.verdict === "refused")
        throw new Error(`${model} is refused by its gate: ${candidate.reason}; production stays as it was`);
      if (candidate.reference.endsWith((await aliasDigest(platform, candidate, "champion")) ?? "none"))
        return progress.note(`${model}: ${candidate.reference} is in production already`);
      return promoteCandidate(platform, progress, candidate);
    }
    throw new Error(`--model ${model}: no workload of stack ${flags.stack} has this model`);
  });
}
