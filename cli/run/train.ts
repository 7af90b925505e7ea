import { withClusterLock } from "../../local/cluster/lock.ts";
import { commandFor } from "../../operations/command-for.ts";
import { trainModels } from "../../operations/pipeline/candidates.ts";
import { refuseFailed, type TrainingOutcome } from "../../operations/pipeline/run-pipeline.ts";
import { modelsOf } from "../../operations/models-of.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { metricText } from "../metric-text.ts";
import { table } from "../table.ts";
import { refuseUnknownModel } from "../../operations/refuse-unknown-model.ts";
import { terminalView } from "../terminal-view.ts";
import { timedProgress } from "../timed-progress.ts";

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
    const models = await modelsOf((await platform.outputs()).workloads, { stack: flags.stack, model });
    for (const [workload, names] of models)
      outcomes.push(
        ...(await trainModels(platform, progress, await loadWorkload(workload), names, { again })),
      );
  };
  await (platform.plan.local ? withClusterLock(work) : work());
  const rows = outcomes.map((outcome) => [
    outcome.model,
    outcome.verdict === "failed" ? "-" : metricText(outcome.metric),
    outcome.verdict,
    outcome.verdict === "passed" ? outcome.reference : outcome.reason,
  ]);
  console.log(`\n${table(["model", "metric", "gate", "result"], rows)}`);
  for (const { model: name, verdict } of outcomes)
    if (verdict === "passed")
      console.log(`\nTo bring it to production: ${commandFor("promote", flags, "--model", name)}`);
  refuseFailed(outcomes);
}
