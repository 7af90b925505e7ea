import type { z } from "zod";
import type { Answer, CloudCli } from "./cloud-cli.ts";
import type { Finding } from "./finding.ts";

/** Asks, and returns an answer of the schema's form or the reason why there is none. */
export async function ask<T extends z.ZodType>(
  cli: CloudCli,
  args: readonly string[],
  schema: T,
): Promise<
  { value: z.infer<T>; reason?: undefined } | { value?: undefined; reason: string; answer: Answer }
> {
  const answer = await cli(args);
  if (!answer.ok) return { reason: answer.reason, answer };
  const parsed = schema.safeParse(answer.json);
  return parsed.success
    ? { value: parsed.data }
    : { reason: `the answer to ${words(args)} has another form than expected`, answer };
}

/** A finding about something that could not be asked. */
export function unknown(subject: string, reason: string, needed: string): Finding {
  return { subject, state: "unknown", found: reason, needed };
}

/** The words of a call before its first flag. */
function words(args: readonly string[]): string {
  const end = args.findIndex((arg) => arg.startsWith("-"));
  return args.slice(0, end < 0 ? undefined : end).join(" ");
}
