import { CommandFailed } from "../local/run-command.ts";

/** Characters of a reason that fit into a message. */
const REASON_LENGTH = 300;

/**
 * Returns why a command line of a cloud failed, as one line without a full stop at its end, so that a fix can follow. Such programs print
 * usage, advice and tracebacks around the reason.
 */
export function commandReason(error: unknown, maxLength = REASON_LENGTH): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, program] = /^cannot start (\S+): .*ENOENT/.exec(message) ?? [];
  if (program !== undefined) return `there is no ${program} on the PATH`;
  // What it printed may be half of an answer, such as a token.
  if (error instanceof CommandFailed && error.timedOutMs !== undefined)
    return `${error.command.split(" ")[0]} did not end within ${error.timedOutMs / 1000} s`;
  if (error instanceof CommandFailed && error.outputLimitBytes !== undefined)
    return `${error.command.split(" ")[0]} printed more than ${error.outputLimitBytes / 2 ** 20} MiB`;
  const lines = (error instanceof CommandFailed ? error.output : message)
    // A line with a colon at its end introduces the reason: `Could not fetch resource:`, and below it a list.
    .replaceAll(/:[ \t]*\n\s*(?:- )?(?=\S)/g, ": ")
    .split("\n")
    .map((line) => line.trim().replace(/[\s.;:,]+$/, ""))
    .filter((line) => line !== "");
  const line =
    lines.find((each) => /error|denied|expired|not |login/i.test(each)) ?? lines.at(-1) ?? "it failed";
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}
