import { lineProgress } from "../../local/progress.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { replayThrough } from "../../operations/replay.ts";
import { selectServices } from "../../operations/select-services.ts";
import { refuseUnknownModel } from "../../operations/refuse-unknown-model.ts";
import { terminalView } from "../terminal-view.ts";

export interface ReplayFlags extends PlatformFlags {
  environment: string;
  model?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  rows: number;
}

/** Sends real rows through the services of an environment. */
export async function replay({ environment, model, from, to, rows, ...flags }: ReplayFlags): Promise<void> {
  const progress = lineProgress();
  await refuseUnknownModel({ stack: flags.stack, model });
  const platform = await openPlatform(flags, { progress, view: terminalView() });
  const services = selectServices(await platform.outputs(), { stack: flags.stack, environment, model });
  for (const service of services) await replayThrough(platform, progress, service, { from, to, rows });
}
