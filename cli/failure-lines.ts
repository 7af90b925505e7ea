import { diskFailure } from "./disk-failure.ts";
import { WrongRequest } from "../operations/wrong-request.ts";
import { UsageError } from "./usage-error.ts";

/** Returns the lines that say why a command failed: the message, and each cause that the lines before do not have already. */
export function failureLines(name: string, error: unknown): string[] {
  const message = diskFailure(error) ?? (error instanceof Error ? error.message : String(error));
  const owner = message.startsWith(`${name}: `) ? "" : `${name}: `; // some messages name the command themselves
  const lines = [`${error instanceof WrongRequest ? "" : "\n"}✗ ${owner}${message}`];
  for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
    const reason = diskFailure(cause) ?? cause.message;
    if (!lines.some((line) => line.includes(reason))) lines.push(`  because: ${reason}`);
  }
  if (error instanceof UsageError) lines.push(`  npm run ${name} -- --help shows the flags and examples`);
  return lines;
}

function causeOf(error: unknown): Error | undefined {
  return error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
}
