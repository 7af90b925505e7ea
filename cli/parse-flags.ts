import type { Command, Flags } from "./command.ts";
import { flagName, isToggle, type Flag } from "./flag.ts";
import { nearestName } from "../runtime/contract/issues/nearest-name.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Returns the values of a command's flags. Throws a UsageError that names every wrong flag, and for the flag of another command
 * that command.
 */
export function parseFlags(
  name: string,
  args: readonly string[],
  commands: Readonly<Record<string, Command>>,
): Record<string, unknown> {
  const { flags, positional } = commands[name]!;
  const values = new Map<string, unknown>();
  const faults: string[] = [];
  const take = (key: string, flag: Flag, raw: string): void => {
    values.set(key, flag.default);
    try {
      values.set(key, flag.parse(raw));
    } catch (error) {
      faults.push(`--${key} ${error instanceof Error ? error.message : ""}, got ${JSON.stringify(raw)}`);
    }
  };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const [, given, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (given === undefined) {
      const alone = positional === undefined || values.has(positional) ? undefined : flags[positional];
      if (positional !== undefined && alone !== undefined && !arg.startsWith("-"))
        take(positional, alone, arg);
      else faults.push(unexpected(name, arg, commands));
      continue;
    }
    const found = findFlag(flags, given);
    const next = args[at + 1];
    const takesNext = value === undefined && next !== undefined && !next.startsWith("--");
    if (found === undefined) {
      faults.push(unknownFlag(name, given, commands));
      if (takesNext) at++; // what follows was meant as its value
      continue;
    }
    const { key, flag, negated } = found;
    if (values.has(key)) faults.push(`--${key} is given twice`);
    if (isToggle(flag)) {
      if (value !== undefined) faults.push(`--${given} takes no value, got ${JSON.stringify(value)}`);
      values.set(key, !negated);
      continue;
    }
    if (takesNext) at++;
    const raw = value ?? (takesNext ? next : "");
    if (raw !== "") take(key, flag, raw);
    else {
      values.set(key, flag.default);
      faults.push(`--${key} needs a value: ${usage(key, flag)}`);
    }
  }
  for (const [key, flag] of Object.entries(flags))
    if (flag.required && !values.has(key))
      faults.push(
        key === positional
          ? `${flag.placeholder ?? ""} is missing: npm run ${name} -- ${flag.example ?? ""}`
          : `--${key} is missing: ${usage(key, flag)}`,
      );
  if (faults.length > 0) throw new UsageError(faults);
  const defaults = Object.entries(flags).map(([key, flag]) => [key, flag.default] as const);
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(values) };
}

function findFlag(flags: Flags, given: string): { key: string; flag: Flag; negated: boolean } | undefined {
  if (Object.hasOwn(flags, given)) return { key: given, flag: flags[given]!, negated: false };
  const key = given.startsWith("no-") ? given.slice(3) : "";
  const flag = Object.hasOwn(flags, key) ? flags[key] : undefined;
  return flag !== undefined && isToggle(flag) ? { key, flag, negated: true } : undefined;
}

function unknownFlag(name: string, given: string, commands: Readonly<Record<string, Command>>): string {
  const { flags } = commands[name]!;
  const own = Object.entries(flags);
  const spellings = own.flatMap(([key, flag]) => (isToggle(flag) ? [key, `no-${key}`] : [key]));
  const near = nearestName(given, spellings);
  const hint = near === undefined ? otherCommands(given, commands) : `; did you mean --${near}?`;
  const known = own.length === 0 ? "none" : own.map(([key, flag]) => flagName(key, flag)).join(", ");
  return `${name} has no flag --${given}${hint} (its flags: ${known})`;
}

/** Names the commands that have a flag which this command does not have. */
function otherCommands(flag: string, commands: Readonly<Record<string, Command>>): string {
  const others = commandsWith(flag, commands);
  return others.length === 0 ? "" : `; it is a flag of ${others.join(", ")}`;
}

function unexpected(name: string, arg: string, commands: Readonly<Record<string, Command>>): string {
  const hint = shortFlagHint(name, arg, commands);
  return `unexpected ${JSON.stringify(arg)}${hint === "" ? ": values follow a flag, such as --stack dev" : hint}`;
}

/** Flags have no short forms: for `-j` this names the flags that begin with j, for `-stack` the flag --stack. */
function shortFlagHint(name: string, arg: string, commands: Readonly<Record<string, Command>>): string {
  if (!/^-[^-]/.test(arg)) return "";
  const given = arg.slice(1);
  const matching = (flags: Flags): string[] => {
    const keys = Object.keys(flags);
    if (given.length === 1) return keys.filter((key) => key.startsWith(given.toLowerCase()));
    const near = nearestName(given, keys);
    return near === undefined ? [] : [near];
  };
  const own = matching(commands[name]!.flags);
  if (own.length > 0) return `; did you mean ${own.map((key) => `--${key}`).join(" or ")}?`;
  const [other] = [...new Set(Object.values(commands).flatMap(({ flags }) => matching(flags)))];
  return other === undefined ? "" : `; --${other} is a flag of ${commandsWith(other, commands).join(", ")}`;
}

function commandsWith(flag: string, commands: Readonly<Record<string, Command>>): string[] {
  return Object.keys(commands).filter((name) => Object.hasOwn(commands[name]!.flags, flag));
}

function usage(key: string, { example, placeholder = "" }: Flag): string {
  return `--${key} ${placeholder}${example === undefined ? "" : `, such as --${key} ${example}`}`;
}
