import { checkConfig, type CheckOptions } from "./check-config.ts";
import { ConfigError } from "./config-error.ts";
import type { ConfigProblem } from "./config-problem.ts";
import type { ConfigFault } from "./describe-issues.ts";
import { fromJson } from "./from-json.ts";
import { PROJECT } from "./project-name.ts";
import type { StackConfig } from "./schema.ts";
import type { StackFile } from "./stack-file.ts";

export interface ParseOptions extends CheckOptions {
  /** The file of the config, for the lines of problems. @default - problems have keys alone */
  source?: { name: string; file: StackFile } | undefined;
}

/**
 * Parses config as Pulumi passes it to a program: keys with their namespace, objects as JSON. Ignores keys of other namespaces.
 * Throws a ConfigError that lists every fault.
 */
export function parseConfig(raw: Readonly<Record<string, string>>, options: ParseOptions = {}): StackConfig {
  const own = Object.entries(raw).filter(([key]) => key.startsWith(`${PROJECT}:`));
  const values = Object.fromEntries(
    own.map(([key, text]) => [key.slice(PROJECT.length + 1), fromJson(text)] as const),
  );
  const { config, faults } = checkConfig(values, options);
  if (config !== undefined) return config;
  const { source } = options;
  throw new ConfigError(
    faults.map((fault) => toProblem(fault, source)),
    source?.name,
  );
}

/** Turns a fault into a problem with its line and the edit that mends it. */
export function toProblem(
  { path, kind, message, fix }: ConfigFault,
  source: ParseOptions["source"],
): ConfigProblem {
  const [key = "", ...rest] = path;
  const line = source?.file.lineOf([`${PROJECT}:${key}`, ...rest]);
  const location =
    source === undefined
      ? "the stack's file"
      : line === undefined
        ? source.name
        : `line ${line} of ${source.name}`;
  const edit = {
    wrong: `change ${location}`,
    unknown: `rename or remove it in ${location}`,
    missing: line === undefined ? `add it to ${location}` : `add it below ${location}`,
  }[kind];
  return { line, path: `${PROJECT}:${path.join(".")}`, message, fix: fix ?? edit };
}
