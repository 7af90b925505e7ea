import { withClusterLock } from "../../local/cluster/lock.ts";
import { trainModels } from "../../operations/pipeline/candidates.ts";
import { refuseFailed, type TrainingOutcome } from "../../operations/pipeline/run-pipeline.ts";
import { modelsOf } from "../../operations/models-of.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { brokenWorkloads, loadWorkload } from "../../workloads/catalog.ts";
import { refuseUnknownModel } from "../../operations/refuse-unknown-model.ts";
import { terminalView } from "../terminal-view.ts";
import { timedProgress } from "../timed-progress.ts";
import { printOutcomes } from "../training-outcomes.ts";

/** Trains the models of the stack's workloads again, or one of them. Promotes none. */
export async function train({
  model,
  again,
  ...flags
}: PlatformFlags & { model?: string | undefined; again: boolean }): Promise<void> {
  const progress = timedProgress();
  await refuseUnknownModel({ stack: flags.stack, model });
  const platform = await openPlatform(flags, { progress, view: terminalView() });
  const outcomes: TrainingOutcome[] = [];
  const work = async (): Promise<void> => {
    const { workloads } = await platform.outputs();
    const models = await modelsOf(workloads, { stack: flags.stack, model });
    const broken = (await brokenWorkloads()).filter(({ workload }) => workloads.includes(workload));
    if (model === undefined)
      for (const { workload, models: names = ["all models"], message } of broken)
        outcomes.push(
          ...names.map((name) => ({ workload, model: name, verdict: "failed" as const, reason: message })),
        );
    for (const [workload, names] of models)
      outcomes.push(
        ...(await trainModels(platform, progress, await loadWorkload(workload), names, { again })),
      );
  };
  await (platform.plan.local ? withClusterLock(work) : work());
  printOutcomes(outcomes, flags);
  refuseFailed(outcomes);
}
