import { withClusterLock } from "../../local/cluster/lock.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { trainModels } from "../../operations/candidates.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { table } from "../table.ts";
import { timedProgress } from "../timed-progress.ts";

/** Trains the models of the stack's workloads again, or one of them. Nothing is promoted. */
export async function train(flags: PlatformFlags, { model }: { model?: string }): Promise<void> {
  await withClusterLock(async () => {
    const progress = timedProgress();
    const platform = await openPlatform(flags, progress);
    const outcomes = [];
    for (const name of (await platform.outputs()).workloads) {
      const workload = await loadWorkload(name);
      const models = workload.models
        .map((candidate) => candidate.name)
        .filter((candidate) => model === undefined || candidate === model);
      if (models.length > 0) outcomes.push(...(await trainModels(platform, progress, workload, models)));
    }
    if (outcomes.length === 0)
      throw new Error(`--model ${model ?? ""}: no workload of stack ${flags.stack} has this model`);
    const rows = outcomes.map((outcome) => [
      outcome.model,
      outcome.auc.toFixed(4),
      outcome.verdict,
      outcome.verdict === "passed" ? outcome.reference : outcome.reason,
    ]);
    console.log(`\n${table(["model", "AUC", "gate", "result"], rows)}`);
    for (const { model: name, verdict } of outcomes)
      if (verdict === "passed")
        console.log(`\nTo bring it to production: npm run promote -- --model ${name}`);
  });
}
