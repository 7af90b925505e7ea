import type { Command } from "./command.ts";
import type { Flag } from "./flag.ts";

/** Flags with the name of an npm setting: their variables may come from the user's npm config. */
const NPM_SETTINGS = ["registry", "offline"];
/** Flags of other commands that a user may have set for npm, too. */
const NPM_SWITCHES = ["all", "json"];

/**
 * Returns the flags that npm kept for itself, because no `--` stands before them: `npm run replay --model x` runs replay without
 * the flag, and npm puts its value into the environment. Flags of other commands count too: the command refuses them.
 */
export function swallowedFlags(
  name: string,
  { flags }: Command,
  env: Readonly<Record<string, string | undefined>>,
  commands: Readonly<Record<string, Command>> = {},
): { flag: string; value: string }[] {
  if (env["npm_lifecycle_event"] !== name) return []; // another npm script runs this command
  const others = Object.values(commands)
    .flatMap((command) => Object.keys(command.flags))
    .filter((flag) => !NPM_SWITCHES.includes(flag));
  return [...new Set([...Object.keys(flags), ...others])]
    .filter((flag) => !NPM_SETTINGS.includes(flag))
    .flatMap((flag) => {
      const value = env[`npm_config_${flag.replaceAll("-", "_")}`];
      return value === undefined || value === "" ? [] : [{ flag, value }];
    });
}

/**
 * Returns the value of each flag among the words that npm handed on. The order of the flags is lost, so the values have to tell: empty
 * where several orders are possible, or none.
 */
function valuesByFlag(
  flags: readonly { flag: string; declaration: Flag }[],
  args: readonly string[],
): Map<string, string> {
  if (flags.length !== args.length) return new Map<string, string>();
  const [only] = flags;
  if (flags.length === 1 && only !== undefined) return new Map<string, string>([[only.flag, args[0]!]]);
  const [first, second] = assignments(flags, args);
  return first !== undefined && second === undefined ? first : new Map<string, string>();
}

/** Returns the ways to give each flag one of the words that it accepts. */
function assignments(
  [first, ...others]: readonly { flag: string; declaration: Flag }[],
  args: readonly string[],
): Map<string, string>[] {
  if (first === undefined) return [new Map<string, string>()];
  return args.flatMap((arg, index) =>
    accepts(first.declaration, arg)
      ? assignments(others, args.toSpliced(index, 1)).map(
          (rest) => new Map<string, string>([[first.flag, arg], ...rest]),
        )
      : [],
  );
}

function accepts(flag: Flag, text: string): boolean {
  try {
    flag.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns a sentence with the flags that npm kept and the right command line; undefined where npm kept none. */
export function npmTrap(
  name: string,
  command: Command,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  commands: Readonly<Record<string, Command>> = {},
): string | undefined {
  const swallowed = swallowedFlags(name, command, env, commands);
  if (swallowed.length === 0) return undefined;
  const declared = swallowed.map(({ flag, value }) => ({
    flag,
    value,
    declaration: command.flags[flag] ?? Object.values(commands).find(({ flags }) => flags[flag])?.flags[flag],
  }));
  // npm takes `--model x` as a switch and hands `x` on; it takes `--model=x` whole.
  const split = declared.flatMap(({ flag, value, declaration }) =>
    declaration?.placeholder !== undefined && value === "true" ? [{ flag, declaration }] : [],
  );
  const handedOn = valuesByFlag(split, args);
  const words = declared.map(({ flag, value, declaration }) => {
    if (declaration?.placeholder === undefined) return `--${flag}`;
    return `--${flag} ${value === "true" ? (handedOn.get(flag) ?? declaration.placeholder) : value}`;
  });
  const flags = swallowed.map(({ flag }) => `--${flag}`).join(", ");
  return `npm took ${flags} for a flag of its own: put -- before the flags: npm run ${name} -- ${words.join(" ")}`;
}
