import { lineProgress } from "../../local/progress.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { collectStatus } from "../../operations/status/collect-status.ts";
import type { PlatformStatus } from "../../operations/status/platform-status.ts";
import { exampleRequest, renderStatus } from "../status/print-status.ts";

/** Shows how everything is, now. Returns whether the cluster is ready. */
export async function status(flags: PlatformFlags, { json }: { json: boolean }): Promise<boolean> {
  const platform = await openPlatform(
    flags,
    lineProgress(() => {}),
  ).catch((error: unknown) => {
    if (!json) throw error;
    return undefined;
  });
  if (platform === undefined) {
    console.log(JSON.stringify(NOTHING(flags.stack), null, 2));
    return false;
  }
  const found = await collectStatus(platform);
  if (json) console.log(JSON.stringify(found, null, 2));
  else {
    console.log(renderStatus(found));
    const example = await exampleRequest(platform);
    if (example !== undefined) console.log(`\nAsk the model in production:\n\n${example}`);
  }
  return found.cluster.ready;
}

const NOTHING = (stack: string): PlatformStatus => ({
  cluster: { ready: false, server: "none", reason: "there is no local cluster: start one with npm run up" },
  stack: { name: stack, engine: "none", resources: 0 },
  model: null,
  refused: [],
  services: [],
  managed: [],
  drift: [],
  alerts: [],
  waiting: [],
});
