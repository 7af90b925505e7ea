import type { Command } from "./command.ts";

/** Flags that npm has too: one that is set may be npm's own setting, from a file of the user. */
const NPM_SETTINGS = ["registry", "offline"];

/**
 * Flags of a command that npm took for its own, because no `--` stood before them: `npm run replay --model x` runs replay
 * without them and leaves the value in the environment.
 */
export function swallowedFlags(
  name: string,
  { flags }: Command,
  env: Readonly<Record<string, string | undefined>>,
): { flag: string; value: string }[] {
  if (env["npm_lifecycle_event"] !== name) return []; // another npm script runs this command
  return Object.keys(flags)
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
): string | undefined {
  const swallowed = swallowedFlags(name, command, env);
  if (swallowed.length === 0) return undefined;
  // npm takes `--model x` as a switch and hands `x` on; it takes `--model=x` whole.
  const words = swallowed.map(({ flag, value }) => {
    const plain = command.flags[flag]?.placeholder === undefined;
    return plain ? `--${flag}` : `--${flag} ${value === "true" ? (args[0] ?? "…") : value}`;
  });
  const flags = swallowed.map(({ flag }) => `--${flag}`).join(", ");
  return `npm took ${flags} for a flag of its own: put -- before the flags: npm run ${name} -- ${words.join(" ")}`;
}
