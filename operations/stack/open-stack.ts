import { CommandFailed, runCommand } from "../../local/run-command.ts";
import type { StackOptions, StackRunner } from "./stack-runner.ts";

/** Opens the runner of a stack: the pulumi CLI if the PATH has one, otherwise the offline engine. */
export async function openStack(options: StackOptions): Promise<StackRunner> {
  // Each imports a large library, and a run needs only one of them.
  if (await hasPulumiCli()) return (await import("./automation.ts")).automationRunner(options);
  return (await import("./offline.ts")).offlineRunner(options);
}

/** Returns whether there is a pulumi CLI on the PATH. Throws if it does not end within a minute. */
export async function hasPulumiCli(): Promise<boolean> {
  return runCommand("pulumi", ["version"], { timeoutMs: 60_000 }).then(
    () => true,
    (error: unknown) => {
      // It is there, so another engine must not take its place.
      if (error instanceof CommandFailed && error.timedOutMs !== undefined) throw error;
      return false;
    },
  );
}
