import { withClusterLock } from "../../local/cluster/lock.ts";
import { bringUpModels, type FailedModel } from "../../operations/bring-up-models.ts";
import {
  refuseMissingModels,
  refuseWithoutCli,
  refuseWrongConfig,
} from "../../operations/check-deployment.ts";
import {
  deployStack,
  openPlatform,
  stackOn,
  type Caller,
  type PlatformFlags,
} from "../../operations/platform.ts";
import { ROOT } from "../../operations/root.ts";
import { noteWorkloadFaults } from "../../operations/author/note-workload-faults.ts";
import { prepareTarget } from "../../operations/prepare-target.ts";
import { collectStatus } from "../../operations/status/collect-status.ts";
import { connectTarget, planTarget } from "../../operations/target.ts";
import { renderStatus } from "../status/render-status.ts";
import { table } from "../table.ts";
import { terminalView } from "../terminal-view.ts";
import { timedProgress, type StepTime } from "../timed-progress.ts";

/**
 * Brings models to production: starts the cluster, builds images, deploys the platform, trains, validates in staging, promotes.
 * Steps that are done already are skipped, so an interrupted run goes on where it stopped. Returns whether all models are up.
 */
export async function up(flags: PlatformFlags & { refresh: boolean; build: boolean }): Promise<boolean> {
  const progress = timedProgress();
  const caller: Caller = { progress, view: terminalView(), refresh: flags.refresh };
  await refuseWrongConfig(flags.stack, caller);
  await noteWorkloadFaults(flags.stack, progress);
  const plan = await planTarget(ROOT, flags, process.env);
  await refuseWithoutCli(plan, flags.stack);
  // A wrong context is refused before images are built and pushed.
  if (!plan.local && plan.layer === "platform") await connectTarget(plan, process.env, progress.note);
  const work = async (): Promise<boolean> => {
    const start = Date.now();
    await prepareTarget(plan, progress, { build: flags.build });
    await refuseMissingModels(flags.stack, plan, caller);
    const title = `Deploy stack ${flags.stack}`;
    let failed: FailedModel[] = [];
    if (plan.layer === "platform") {
      const platform = await openPlatform(flags, caller);
      await platform.deploy(title);
      failed = await bringUpModels(platform, progress);
    } else {
      await deployStack(await stackOn(plan, flags.stack, caller), title, progress);
      progress.note(`The foundation is there. Next: the stack of the platform on it`);
    }
    console.log(`\n${timesTable(progress.times, (Date.now() - start) / 1000)}`);
    console.log(`\n${renderStatus(await collectStatus(flags, caller))}`);
    if (failed.length > 0) console.error(`\n${failures(failed)}`);
    return failed.length === 0;
  };
  // Only a stack on the local cluster needs its lock.
  return plan.local ? withClusterLock(work) : work();
}

/** Renders the time of each step. */
function timesTable(times: readonly StepTime[], total: number): string {
  const rows = times
    .filter(({ seconds }) => seconds >= 0.1)
    .map(({ title, seconds }) => [title.slice(0, 70), seconds.toFixed(1)]);
  return table(["step", "seconds"], [...rows, ["total", total.toFixed(1)]]);
}

function failures(failed: readonly FailedModel[]): string {
  const lines = failed.map(({ workload, model, reason }) => `  ${workload}/${model}: ${reason}`);
  const subject = failed.length === 1 ? "1 model is" : `${failed.length} models are`;
  return [`✗ ${subject} not up; the others are. Mend the reasons and run npm run up again:`, ...lines].join(
    "\n",
  );
}
