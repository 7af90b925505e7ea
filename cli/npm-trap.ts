import type { Command } from "./command.ts";

/** Flags that npm has too: one that is set may be npm's own setting, from a file of the user. */
const NPM_SETTINGS = ["registry", "offline"];
/** Of other commands' flags, these too: a user may have set them for npm. */
const NPM_SWITCHES = ["all", "json"];

/**
 * Flags that npm took for its own, because no `--` stood before them: `npm run replay --model x` runs replay
 * without them and leaves the value in the environment. A flag of another command counts too: the command refuses it.
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

/** Says which flags npm took and how to write the line; undefined where it took none. */
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
