import type { Command } from "./command.ts";
import { EXIT_MEANING } from "./exit-code.ts";
import { flagName, isToggle, type Flag } from "./flag.ts";

/** Renders the help of one command. */
export function commandHelp(
  name: string,
  { about, flags, positional, examples, exitCodes }: Command,
): string {
  const rows = Object.entries(flags).map(
    ([key, flag]) =>
      [key === positional ? (flag.placeholder ?? "") : flagSyntax(key, flag), flagAbout(flag)] as const,
  );
  const alone = positional === undefined ? "" : ` ${flags[positional]?.placeholder ?? ""}`;
  const codes = Object.entries({ ...EXIT_MEANING, ...exitCodes });
  return [
    `npm run ${name}${rows.length === 0 ? "" : ` --${alone} [FLAGS]`}`,
    "",
    about + ".",
    ...(rows.length === 0 ? [] : ["", "Flags:", ...columns(rows)]),
    "",
    "Examples:",
    ...examples.map((example) => `  ${example}`),
    "",
    "Exit codes:",
    ...columns(codes),
  ].join("\n");
}

/** Renders the list of all commands. */
export function commandList(commands: Readonly<Record<string, Command>>): string {
  return [
    "Slipway: a machine-learning platform as code.",
    "",
    "Commands:",
    ...columns(Object.entries(commands).map(([name, { about }]) => [`npm run ${name}`, about] as const)),
    "",
    "npm run COMMAND -- --help shows the flags of a command. Flags follow a --, which npm keeps for itself.",
  ].join("\n");
}

function flagSyntax(key: string, flag: Flag): string {
  return isToggle(flag) ? flagName(key, flag) : `${flagName(key, flag)} ${flag.placeholder}`;
}

function flagAbout(flag: Flag): string {
  const { about, example, required, default: fallback } = flag;
  const notes = [
    ...(required ? ["required"] : []),
    ...(!isToggle(flag) && fallback !== undefined
      ? [`default: ${JSON.stringify(fallback).replaceAll('"', "")}`]
      : []),
    ...(example === undefined ? [] : [`such as ${example}`]),
  ];
  return notes.length === 0 ? about : `${about} (${notes.join("; ")})`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
