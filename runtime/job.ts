import { parseArgs } from "node:util";
import type { z } from "zod";
import type { StepResult } from "./contract/step-result.ts";
import { BadInput, RuntimeFault } from "./errors.ts";
import type { Logger } from "./log.ts";

/** The inputs of a job from `main`. A job uses nothing else of the process. */
export interface JobContext {
  /** The arguments after the job's name. */
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  log: Logger;
  /** Aborted at SIGTERM or SIGINT; a second signal ends the process. */
  signal: AbortSignal;
}

/** One command of the image. Its result is written to the step result file; servers return none. */
export type Job = (context: JobContext) => Promise<StepResult | undefined>;

/** The job finished with a verdict that counts as a failure. Its result is written as usual, and the process exits with 1. */
export class FailedVerdict extends RuntimeFault {
  readonly result: StepResult;

  constructor(message: string, result: StepResult) {
    super("failed-verdict", 409, message);
    this.name = "FailedVerdict";
    this.result = result;
  }
}

/**
 * Parses `--key value` flags by a strict zod object (every key a flag, values arrive as strings: use z.coerce for
 * numbers). Throws BadInput that names the flag and the rule.
 */
export function parseFlags<Shape extends z.ZodObject>(
  args: readonly string[],
  schema: Shape,
): z.infer<Shape> {
  const names = Object.keys(schema.shape);
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  let values: unknown;
  try {
    ({ values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new BadInput(`${error instanceof Error ? error.message : String(error)}; flags: ${list(names)}`);
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new BadInput(`flags: ${issues(parsed.error, "--")}; flags: ${list(names)}`);
}

/** Parses the environment variables that a job needs. Errors do not contain the values. */
export function parseEnv<Shape extends z.ZodType>(env: JobContext["env"], schema: Shape): z.infer<Shape> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new BadInput(`environment: ${issues(parsed.error, "")}`);
}

function issues(error: z.ZodError, prefix: string): string {
  return error.issues.map((issue) => `${prefix}${issue.path.join(".")}: ${issue.message}`).join("; ");
}

function list(names: readonly string[]): string {
  return names.map((name) => `--${name}`).join(" ");
}
