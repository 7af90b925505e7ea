/** One flag of a command: its text in the help, and the parser of its value. */
export interface Flag<T = unknown> {
  /** One sentence for the help, without its period. */
  about: string;
  /** Name of the value in the help, such as `FILE`; a switch takes no value. */
  placeholder?: string;
  /** A valid value. */
  example?: string;
  /** Value where the flag is not given. */
  default: T;
  required: boolean;
  /** Throws an Error whose message is the rule: `must be a whole number`. */
  parse(text: string): T;
}

interface About {
  about: string;
  example?: string;
}

export interface TextOptions extends About {
  placeholder: string;
  /** The whole value must match this pattern. @default - any text that is not empty */
  pattern?: RegExp;
  /** The pattern in words: `must be the name of a stack, such as dev`. */
  rule?: string;
}

/** A flag with a text as its value. */
export function text(options: TextOptions & { default: string }): Flag<string>;
export function text(options: TextOptions & { required: true }): Flag<string>;
export function text(options: TextOptions): Flag<string | undefined>;
export function text(
  options: TextOptions & { default?: string; required?: boolean },
): Flag<string | undefined> {
  const { pattern, rule = "has a wrong form", default: fallback, required = false, ...rest } = options;
  return {
    ...rest,
    default: fallback,
    required,
    parse(value) {
      if (pattern !== undefined && !pattern.test(value)) throw new Error(rule);
      return value;
    },
  };
}

/** A flag with a whole number as its value. */
export function wholeNumber(options: About & { min: number; max?: number; default: number }): Flag<number>;
export function wholeNumber(options: About & { min: number; max?: number }): Flag<number | undefined>;
export function wholeNumber(
  options: About & { min: number; max?: number; default?: number },
): Flag<number | undefined> {
  const { min, max = Infinity, default: fallback, ...rest } = options;
  const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
  return {
    ...rest,
    placeholder: "NUMBER",
    default: fallback,
    required: false,
    parse(value) {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
      if (!(number >= min && number <= max)) throw new Error(`must be a whole number ${range}`);
      return number;
    },
  };
}

/** A flag with a day as its value, such as 2013-12-01. */
export function day(options: About): Flag<string | undefined> {
  return {
    ...options,
    placeholder: "DAY",
    default: undefined,
    required: false,
    parse(value) {
      const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(value) : new Date(NaN);
      // Some impossible days, such as 2013-02-30, are read as one of the next month.
      if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== value)
        throw new Error("must be a day such as 2013-12-01");
      return value;
    },
  };
}

/** A flag without a value: `--NAME` turns it on, `--no-NAME` turns it off. */
export function toggle(options: About & { default?: boolean }): Flag<boolean> {
  const { default: fallback = false, ...rest } = options;
  return { ...rest, default: fallback, required: false, parse: () => true };
}

/** Returns a flag as a person types it: `--stack`, or `--no-refresh` for a toggle that is on by default. */
export function flagName(key: string, flag: Flag): string {
  return isToggle(flag) && flag.default ? `--no-${key}` : `--${key}`;
}

/** Whether a flag takes no value. */
export function isToggle(flag: Flag): flag is Flag<boolean> {
  return flag.placeholder === undefined;
}
