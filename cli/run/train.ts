import { withClusterLock } from "../../local/cluster/lock.ts";
import { trainModels } from "../../operations/candidates.ts";
import { modelsOf } from "../../operations/models-of.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import type { Candidate } from "../../operations/training-chain.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { table } from "../table.ts";
import { terminalView } from "../terminal-view.ts";
import { timedProgress } from "../timed-progress.ts";

/** Trains the models of the stack's workloads again, or one of them. Nothing is promoted. */
export async function train({
  model,
  ...flags
}: PlatformFlags & { model?: string | undefined }): Promise<void> {
  const progress = timedProgress();
  const platform = await openPlatform(flags, { progress, view: terminalView() });
  const outcomes: Candidate[] = [];
  const work = async (): Promise<void> => {
    const models = await modelsOf((await platform.outputs()).workloads, { stack: flags.stack, model });
    for (const [workload, names] of models)
      outcomes.push(...(await trainModels(platform, progress, await loadWorkload(workload), names)));
  };
  await (platform.plan.local ? withClusterLock(work) : work());
  const rows = outcomes.map((outcome) => [
    outcome.model,
    outcome.auc.toFixed(4),
    outcome.verdict,
    outcome.verdict === "passed" ? outcome.reference : outcome.reason,
  ]);
  console.log(`\n${table(["model", "AUC", "gate", "result"], rows)}`);
  for (const { model: name, verdict } of outcomes)
    if (verdict === "passed") console.log(`\nTo bring it to production: npm run promote -- --model ${name}`);
}
