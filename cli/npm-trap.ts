import type { Command } from "./command.ts";

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
  // npm takes `--model x` as a switch and hands `x` on; it takes `--model=x` whole.
  const words = swallowed.map(({ flag, value }) => {
    const declared =
      command.flags[flag] ?? Object.values(commands).find(({ flags }) => flags[flag])?.flags[flag];
    const plain = declared?.placeholder === undefined;
    return plain ? `--${flag}` : `--${flag} ${value === "true" ? (args[0] ?? "…") : value}`;
  });
  const flags = swallowed.map(({ flag }) => `--${flag}`).join(", ");
  return `npm took ${flags} for a flag of its own: put -- before the flags: npm run ${name} -- ${words.join(" ")}`;
}
