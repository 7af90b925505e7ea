import { clusterDown } from "../../local/cluster/cluster-down.ts";
import { withClusterLock } from "../../local/cluster/lock.ts";
import { lineProgress } from "../../local/progress.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";

/** Takes the local platform off the machine; on a cluster of the user's own, deletes what the stack made there. */
export async function down(flags: PlatformFlags, { purge }: { purge: boolean }): Promise<void> {
  const progress = lineProgress();
  await withClusterLock(async () => {
    if (flags.context === undefined) return clusterDown(progress, { purge });
    const platform = await openPlatform(flags, progress);
    await progress.step(`Destroy stack ${flags.stack}`, () => platform.stack.destroy());
  });
  progress.note("This machine is as it was before `npm run up`; Debian packages that were installed stay.");
}
