import { withClusterLock } from "../../local/cluster/lock.ts";
import { lineProgress } from "../../local/progress.ts";
import { promoteNewest } from "../../operations/promote-newest.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { refuseUnknownModel } from "../../operations/refuse-unknown-model.ts";
import { terminalView } from "../terminal-view.ts";

/** Takes the newest version of a model through staging and validation to production. */
export async function promote({ model, ...flags }: PlatformFlags & { model: string }): Promise<void> {
  const progress = lineProgress();
  await refuseUnknownModel({ stack: flags.stack, model });
  const platform = await openPlatform(flags, { progress, view: terminalView() });
  const work = (): Promise<void> => promoteNewest(platform, progress, model);
  await (platform.plan.local ? withClusterLock(work) : work());
}
