import { runCommand } from "../local/run-command.ts";

/** In milliseconds. A command line of a cloud takes seconds; without a way to its cloud it may wait for hours. */
const TIMEOUT_MS = 60_000;

/**
 * Runs the command line of a cloud, such as `aws`, and returns what it prints. Throws CommandFailed if it does not end within a minute.
 *
 * @param env - added to the environment of this process
 */
export function runCloudCli(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  return runCommand(program, args, { env, timeoutMs: TIMEOUT_MS });
}
