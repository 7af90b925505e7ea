import { runCommand } from "../../local/run-command.ts";
import { automationRunner } from "./automation.ts";
import { offlineRunner } from "./offline.ts";
import type { StackOptions, StackRunner } from "./stack-runner.ts";

/** The real engine where there is a pulumi CLI on the PATH, else the offline one. */
export async function openStack(options: StackOptions): Promise<StackRunner> {
  const installed = await runCommand("pulumi", ["version"]).then(
    () => true,
    () => false,
  );
  return installed ? automationRunner(options) : offlineRunner(options);
}
