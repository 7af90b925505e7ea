import { runCommand } from "../../local/run-command.ts";
import type { StackOptions, StackRunner } from "./stack-runner.ts";

/** The pulumi CLI where there is one on the PATH, otherwise the offline engine. */
export async function openStack(options: StackOptions): Promise<StackRunner> {
  // Each brings a large library, of which a run needs one.
  if (await hasPulumiCli()) return (await import("./automation.ts")).automationRunner(options);
  return (await import("./offline.ts")).offlineRunner(options);
}

/** Whether there is a pulumi CLI on the PATH. */
export async function hasPulumiCli(): Promise<boolean> {
  return runCommand("pulumi", ["version"]).then(
    () => true,
    () => false,
  );
}
