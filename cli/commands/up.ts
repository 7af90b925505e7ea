import { withClusterLock } from "../../local/cluster/lock.ts";
import { aliasDigest, promote } from "../../operations/promotion.ts";
import { ensureCandidates } from "../../operations/pipeline/candidates.ts";
import { refuseFailed } from "../../operations/pipeline/run-pipeline.ts";
import { preparePlatform, type Platform, type PlatformFlags } from "../../operations/platform.ts";
import { replay } from "../../operations/replay.ts";
import { collectStatus } from "../../operations/status/collect-status.ts";
import { exampleRequest, renderStatus } from "../status/print-status.ts";
import { table } from "../table.ts";
import { timedProgress, type StepTime } from "../timed-progress.ts";

/** What is sent through a new model in production, so that there is something to watch from the start. */
const FIRST_TRAFFIC = { month: 9, rows: 2000 };

/**
 * From whatever there is to a model in production: cluster, images, platform, training, staging, validation, production.
 * What is done already is left as it is, so that a run that was cut off goes on where it stopped.
 */
export async function up(flags: PlatformFlags): Promise<void> {
  await withClusterLock(async () => {
    const progress = timedProgress();
    const start = Date.now();
    const platform = await preparePlatform(flags, progress);
    await platform.deploy(`Deploy stack ${flags.stack}`);
    const outcomes = await ensureCandidates(platform, progress);
    for (const candidate of outcomes) {
      if (candidate.verdict !== "passed") continue;
      const champion = await aliasDigest(platform, candidate, "champion");
      if (champion === undefined) {
        await promote(platform, progress, candidate);
        for (const service of (await platform.outputs()).services)
          if (service.environment === "production" && service.model === candidate.model)
            await replay(platform, progress, service, FIRST_TRAFFIC);
      } else if (!candidate.reference.endsWith(champion))
        progress.note(
          `${candidate.model}: the last trained model is not in production: npm run promote -- --model ${candidate.model}`,
        );
    }
    await summarize(platform, progress.times, (Date.now() - start) / 1000);
    refuseFailed(outcomes);
  });
}

async function summarize(platform: Platform, times: readonly StepTime[], total: number): Promise<void> {
  const rows = times
    .filter(({ seconds }) => seconds >= 0.1)
    .map(({ title, seconds }) => [title.slice(0, 70), seconds.toFixed(1)]);
  console.log(`\n${table(["step", "seconds"], [...rows, ["all of it", total.toFixed(1)]])}`);
  console.log(`\n${renderStatus(await collectStatus(platform))}`);
  const example = await exampleRequest(platform);
  if (example !== undefined) console.log(`\nAsk the model in production:\n\n${example}`);
}
