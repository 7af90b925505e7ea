import { runCommand } from "../../local/run-command.ts";
import { automationRunner } from "./automation.ts";
import { offlineRunner } from "./offline.ts";
import type { StackOptions, StackRunner } from "./stack-runner.ts";

/** The real engine where there is a pulumi CLI on the PATH, else the offline one. */
export async function openStack(options: StackOptions): Promise<StackRunner> {
  return (await hasPulumiCli()) ? automationRunner(options) : offlineRunner(options);
}

/** Whether there is a pulumi CLI on the PATH. */
export async function hasPulumiCli(): Promise<boolean> {
  return runCommand("pulumi", ["version"]).then(
    () => true,
    () => false,
  );
}
