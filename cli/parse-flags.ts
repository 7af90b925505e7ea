import type { Command, Flags } from "./command.ts";
import { isToggle, type Flag } from "./flag.ts";
import { nearestName } from "../stacks/config/nearest-name.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The values of a command's flags. Throws a UsageError that names every flag that is wrong, and where it belongs to another
 * command, that command.
 */
export function parseFlags(
  name: string,
  args: readonly string[],
  commands: Readonly<Record<string, Command>>,
): Record<string, unknown> {
  const { flags } = commands[name]!;
  const values = new Map<string, unknown>();
  const faults: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const [, given, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (given === undefined) {
      faults.push(unexpected(arg, flags));
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
    values.set(key, flag.default);
    if (raw === "") faults.push(`--${key} needs a value: ${usage(key, flag)}`);
    else
      try {
        values.set(key, flag.parse(raw));
      } catch (error) {
        faults.push(`--${key} ${error instanceof Error ? error.message : ""}, got ${JSON.stringify(raw)}`);
      }
  }
  for (const [key, flag] of Object.entries(flags))
    if (flag.required && !values.has(key)) faults.push(`--${key} is missing: ${usage(key, flag)}`);
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
  const own = Object.keys(flags);
  const near = nearestName(given, own);
  const others = Object.keys(commands).filter((other) => Object.hasOwn(commands[other]!.flags, given));
  const hint =
    near !== undefined
      ? `; did you mean --${near}?`
      : others.length > 0
        ? `; it is a flag of ${others.join(", ")}`
        : "";
  const known = own.length === 0 ? "none" : own.map((key) => `--${key}`).join(", ");
  return `${name} has no flag --${given}${hint} (its flags: ${known})`;
}

function unexpected(arg: string, flags: Flags): string {
  const key = arg.replace(/^-+/, "");
  const hint = arg.startsWith("-") && Object.hasOwn(flags, key) ? `; did you mean --${key}?` : "";
  return `unexpected ${JSON.stringify(arg)}${hint}: values follow a flag, such as --stack dev`;
}

function usage(key: string, { example, placeholder = "" }: Flag): string {
  return `--${key} ${placeholder}${example === undefined ? "" : `, such as --${key} ${example}`}`;
}
