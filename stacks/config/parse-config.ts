import { checkConfig, type CheckOptions, type ParsedConfig } from "./check-config.ts";
import { ConfigError } from "./config-error.ts";
import type { ConfigSource } from "./config-source.ts";
import type { ConfigProblem } from "./config-problem.ts";
import type { ConfigFault } from "../../runtime/contract/issues/describe-issues.ts";
import { fromJson } from "./from-json.ts";
import { PROJECT } from "./project-name.ts";

export interface ParseOptions extends CheckOptions {
  /** The files of the config, for the lines of problems. @default - problems have keys alone */
  source?: ConfigSource | undefined;
}

/**
 * Parses config as Pulumi passes it to a program: keys with their namespace, objects as JSON. Ignores keys of other namespaces.
 * Throws a ConfigError that lists every fault.
 */
export function parseConfig(raw: Readonly<Record<string, string>>, options: ParseOptions = {}): ParsedConfig {
  const own = Object.entries(raw).filter(([key]) => key.startsWith(`${PROJECT}:`));
  const values = Object.fromEntries(
    own.map(([key, text]) => [key.slice(PROJECT.length + 1), fromJson(text)] as const),
  );
  const { source } = options;
  // Pulumi has read the file by now, and has ignored the keys in it that it does not know.
  const fileFaults = [...(source?.file.faults ?? []), ...foundationFaults(source?.foundation)];
  if (fileFaults.length > 0) throw new ConfigError(fileFaults, source?.name);
  const { parsed, faults } = checkConfig(values, options);
  if (parsed !== undefined) return parsed;
  throw new ConfigError(
    faults.map((fault) => toProblem(fault, source)),
    source?.name,
  );
}

/** Returns why the file of a foundation is not a stack file, with the name of that file. */
export function foundationFaults(foundation: ConfigSource["foundation"]): ConfigProblem[] {
  return foundation?.file.faults.map((fault) => ({ ...fault, file: foundation.name })) ?? [];
}

/** Turns a fault into a problem with its line and the edit that mends it. */
export function toProblem(
  { path, kind, message, isMisreadText = false, fix, inFoundation = false }: ConfigFault,
  files: ConfigSource | undefined,
): ConfigProblem {
  const source = inFoundation ? files?.foundation : files;
  const [key = "", ...rest] = path;
  const writtenPath = [`${PROJECT}:${key}`, ...rest];
  const line = source?.file.lineOf(writtenPath);
  const location =
    source === undefined
      ? "the stack's file"
      : line === undefined
        ? source.name
        : `line ${line} of ${source.name}`;
  const edit = {
    wrong: `change ${location}`,
    unknown: `rename or remove it in ${location}`,
    missing:
      line === undefined
        ? `add it to ${location}`
        : source?.file.isInBraces(writtenPath) === true
          ? `add it inside the braces of ${location}`
          : `add it below ${location}`,
  }[kind];
  return {
    line,
    ...(inFoundation && source !== undefined ? { file: source.name } : {}),
    path: `${PROJECT}:${path.join(".")}`,
    // The value would be a wrong number: YAML drops the first zeros of one.
    message: isMisreadText
      ? `${message}, got ${source?.file.textOf(writtenPath) ?? "a number"} without quotes`
      : message,
    fix: fix ?? edit,
  };
}
