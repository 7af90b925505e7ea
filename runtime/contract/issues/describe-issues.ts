import { isIPv4 } from "node:net";
import type { z } from "zod";
import { didYouMean } from "./did-you-mean.ts";
import { nearestName } from "./nearest-name.ts";
import { knownKeys, leastCount } from "./schema-keys.ts";
import { valueAt } from "./value-at.ts";

/** A fault at a path of the config, without the line of the path. */
export interface ConfigFault {
  /** Path that starts with the key without its namespace: `["drift", "threshold"]`. */
  path: readonly string[];
  kind: "missing" | "unknown" | "wrong";
  /** The rule and the value. */
  message: string;
  /** Whether the value is a number that YAML has read from a text, perhaps without its first zeros. The message ends before the value. */
  isMisreadText?: boolean;
  /** How to mend it. @default - an edit of the line */
  fix?: string;
  /** Whether the path is in the file of the foundation. @default false */
  inFoundation?: boolean;
}

export interface DescribeOptions {
  schema: z.ZodType;
  /** The value that was parsed. */
  config: unknown;
  /** Paths whose values are never shown, with all paths below them. */
  secretPaths: readonly string[];
}

/** Turns the issues of zod into faults in the words of the stack's file. */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  { schema, config, secretPaths }: DescribeOptions,
): ConfigFault[] {
  return issues.flatMap((issue): ConfigFault[] => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(schema, path, config);
      return issue.keys.map((key) => ({
        path: [...path, key],
        kind: "unknown",
        message: noSuchKey(key, known),
      }));
    }
    const value = valueAt(config, path);
    const isEndless = typeof value === "number" && !Number.isFinite(value);
    const rule = isEndless ? "must be a finite number" : ruleOf(issue);
    const fix = fixOf(issue, value);
    if (value === undefined) {
      const least = issue.code === "invalid_type" ? leastCount(schema, path, config) : undefined;
      const whole = least === undefined ? rule : `must be a whole number of at least ${least}`;
      return [{ path, kind: "missing", message: `${whole}, got nothing`, ...fix }];
    }
    const isMisreadText =
      issue.code === "invalid_type" && issue.expected === "string" && typeof value === "number";
    if (isMisreadText && !isSecret(path, secretPaths))
      return [{ path, kind: "wrong", message: rule, isMisreadText, ...fix }];
    const shown = isSecret(path, secretPaths) ? "a value that is not shown" : shownValue(value);
    // A rule about a whole object names the fault inside it.
    const isWhole = shown === AN_OBJECT && issue.code !== "invalid_type";
    return [{ path, kind: "wrong", message: isWhole ? rule : `${rule}, got ${shown}`, ...fix }];
  });
}

export function noSuchKey(key: string, known: readonly string[]): string {
  return `no such key${didYouMean(key, known)} (known: ${known.join(", ")})`;
}

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key")
    return issue.issues.map((inner) => `its name ${ruleOf(inner)}`).join(" and ");
  if (issue.code === "invalid_value")
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
  // A rule of ours names the form of the text, and its quotes.
  const isOwnRule = issue.message.startsWith("must ");
  if (issue.code === "invalid_type" && !isOwnRule)
    return `must be ${TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`}`;
  if ((issue.code === "too_small" || issue.code === "too_big") && issue.origin === "array")
    return `must have at ${issue.code === "too_small" ? `least ${String(issue.minimum)}` : `most ${String(issue.maximum)}`} items`;
  if (issue.code === "too_small")
    return `must be ${issue.inclusive === false ? "more than" : "at least"} ${String(issue.minimum)}`;
  if (issue.code === "too_big")
    return `must be ${issue.inclusive === false ? "less than" : "at most"} ${String(issue.maximum)}`;
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return `must be one of ${issue.options.map((option) => JSON.stringify(option)).join(", ")}`;
  if (issue.code === "invalid_format" && issue.format === "url") return "must be a URL";
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

/** The fix of a rule of ours, or the allowed value nearest to the one that is written. */
function fixOf(issue: z.core.$ZodIssue, value: unknown): { fix?: string } {
  const fix: unknown = issue.code === "custom" ? issue.params?.["fix"] : undefined;
  if (typeof fix === "string") return { fix };
  if (typeof value === "number" && allowedTexts(issue).includes(String(value)))
    return { fix: `write it in quotes: "${value}"` };
  if (typeof value !== "string") return {};
  if (issue.code === "invalid_type" && NUMBER_TYPES.includes(issue.expected) && /^\d+(\.\d+)?$/.test(value))
    return { fix: `write it without quotes: ${value}` };
  if (issue.code === "invalid_format" && issue.format === "cidrv4" && isIPv4(value))
    return { fix: `for one address, write ${value}/32` };
  const near = nearestName(value, allowedTexts(issue));
  return near === undefined ? {} : { fix: `did you mean ${near}?` };
}

const NUMBER_TYPES: readonly string[] = ["number", "int"];

/** The texts that a choice allows: of a list of values, or of the key that tells the members of a union apart. */
function allowedTexts(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "invalid_value") return issue.values.filter((value) => typeof value === "string");
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return issue.options.filter((option): option is string => typeof option === "string");
  return [];
}

/** Plain words for the type names of zod. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: "a whole number",
  object: "an object",
  record: "an object",
  array: "a list",
  string: "a text",
  boolean: "true or false",
};

function isSecret(path: readonly string[], secretPaths: readonly string[]): boolean {
  const here = path.join(".");
  return secretPaths.some(
    (secret) => here === secret || here.startsWith(`${secret}.`) || secret.startsWith(`${here}.`),
  );
}

const AN_OBJECT = "an object";

/** Shows a scalar or a short list as JSON, and a larger value as its type: its path names it. */
function shownValue(value: unknown): string {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return AN_OBJECT;
  const text =
    typeof value === "number" && !Number.isFinite(value) ? yamlNumber(value) : JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}

/** Writes a number that JSON does not have as YAML does. */
function yamlNumber(value: number): string {
  return Number.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
}
