import type { Flag } from "./flag.ts";

export type Flags = Readonly<Record<string, Flag>>;

/** The values of a command's flags, by name. */
export type FlagValues<F extends Flags> = {
  [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never;
};

/** Result of a command: nothing or true is success, false is a failure, a number is the exit code. */
export type Outcome = boolean | number | void;

/** A command: its text in the help, and the work that `main.ts` runs. */
export interface Command {
  /** One sentence: what the command does. */
  about: string;
  flags: Flags;
  /** Name of the flag whose value may stand alone, as in `npm run try -- loans`. @default - none */
  positional?: string;
  /** Complete command lines. */
  examples: readonly string[];
  /** Exit codes with a meaning of their own, beside the common ones. */
  exitCodes: Readonly<Record<number, string>>;
  run(values: Readonly<Record<string, unknown>>): Promise<Outcome>;
}

export interface CommandOptions<F extends Flags> {
  about: string;
  flags: F;
  positional?: keyof F & string;
  examples: readonly string[];
  exitCodes?: Readonly<Record<number, string>>;
  /** Imports the work on demand, so that help and refusals load nothing else. */
  run: (values: FlagValues<F>) => Promise<Outcome>;
}

/**
 * Declares a command. The help, the refusal of unknown flags and the types of the values all follow from `flags`.
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
  const { about, flags, positional, examples, exitCodes = {}, run } = options;
  // `parseFlags` parses the values with the same flags.
  const common = { about, flags, examples, exitCodes };
  const named = positional === undefined ? {} : { positional };
  return { ...common, ...named, run: (values) => run(values as FlagValues<F>) };
}
