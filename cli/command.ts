import type { Flag } from "./flag.ts";

export type Flags = Readonly<Record<string, Flag>>;

/** The values of a command's flags, by name. */
export type FlagValues<F extends Flags> = {
  [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never;
};

/** How a command ended: nothing or true is well, false is a failure, a number is the exit code. */
export type Outcome = boolean | number | void;

/** A command, as the help shows it and `main.ts` runs it. */
export interface Command {
  /** One sentence: what the command does. */
  about: string;
  flags: Flags;
  /** Lines that can be typed as they stand. */
  examples: readonly string[];
  /** Exit codes beside the common ones, with their meaning. */
  exitCodes: Readonly<Record<number, string>>;
  run(values: Readonly<Record<string, unknown>>): Promise<Outcome>;
}

export interface CommandOptions<F extends Flags> {
  about: string;
  flags: F;
  examples: readonly string[];
  exitCodes?: Readonly<Record<number, string>>;
  /** Imports its work on demand, so that help and refusals load nothing else. */
  run: (values: FlagValues<F>) => Promise<Outcome>;
}

/**
 * Declares a command. Its help, the refusal of other flags and the types of its values follow from `flags`.
 *
 * @example
 * export const train = command({
 *   about: "Trains the models of the stack's workloads again",
 *   flags: { model: text({ about: "train this model alone", placeholder: "NAME", example: "pushback" }) },
 *   examples: ["npm run train -- --model pushback"],
 *   run: async (flags) => (await import("../run/train.ts")).train(flags),
 * });
 */
export function command<const F extends Flags>(options: CommandOptions<F>): Command {
  const { about, flags, examples, exitCodes = {}, run } = options;
  // `parseFlags` makes the values from these very flags.
  return { about, flags, examples, exitCodes, run: (values) => run(values as FlagValues<F>) };
}
