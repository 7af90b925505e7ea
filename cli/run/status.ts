import { lineProgress } from "../../local/progress.ts";
import type { PlatformFlags } from "../../operations/platform.ts";
import { collectStatus } from "../../operations/status/collect-status.ts";
import { renderStatus } from "../status/render-status.ts";
import { terminalView } from "../terminal-view.ts";

/** Prints the status of the platform. Returns whether the cluster is ready and there is no problem. */
export async function status({ json, ...flags }: PlatformFlags & { json: boolean }): Promise<boolean> {
  // Standard output has the status alone, for tools.
  const progress = lineProgress((line) => console.error(line));
  const found = await collectStatus(flags, { progress, view: terminalView() });
  console.log(json ? JSON.stringify(found, null, 2) : renderStatus(found));
  return found.cluster.ready && found.problems.length === 0;
}
