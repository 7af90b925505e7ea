import { lineProgress } from "../../local/progress.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { replay as replayThrough, type ReplayOptions } from "../../operations/replay.ts";

/** Sends real rows through the services of an environment. */
export async function replay(
  flags: PlatformFlags,
  { environment, ...options }: ReplayOptions & { environment: string },
): Promise<void> {
  const progress = lineProgress();
  const platform = await openPlatform(flags, progress);
  const services = (await platform.outputs()).services.filter(
    (service) => service.environment === environment,
  );
  if (services.length === 0)
    throw new Error(`--environment ${environment}: stack ${flags.stack} serves nothing there yet`);
  for (const service of services) await replayThrough(platform, progress, service, options);
}
