import type { z } from "zod";
import { nearestName } from "./nearest-name.ts";
import { knownKeys } from "./schema-keys.ts";
import { valueAt } from "./value-at.ts";

/** A fault at a path of the config, without its line in the file. */
export interface ConfigFault {
  /** Path that starts with the key without its namespace: `["drift", "threshold"]`. */
  path: readonly string[];
  kind: "missing" | "unknown" | "wrong";
  /** The rule and the value. */
  message: string;
  /** How to correct it. @default - the line to edit is named */
  fix?: string;
}

export interface DescribeOptions {
  schema: z.ZodType;
  /** The value that was parsed. */
  config: unknown;
  /** Paths whose values, and the values below them, are not shown. */
  secretPaths: readonly string[];
}

/** Converts issues of zod to faults in the terms of the stack's file. */
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
    const rule = ruleOf(issue);
    const fix = fixOf(issue);
    if (value === undefined) return [{ path, kind: "missing", message: `${rule}, got nothing`, ...fix }];
    const shown = isSecret(path, secretPaths) ? "a value that is not shown" : shownValue(value);
    // The message of a rule about a whole object names the wrong value itself.
    const isWhole = shown === AN_OBJECT && issue.code !== "invalid_type";
    return [{ path, kind: "wrong", message: isWhole ? rule : `${rule}, got ${shown}`, ...fix }];
  });
}

export function noSuchKey(key: string, known: readonly string[]): string {
  const near = nearestName(key, known);
  return near === undefined
    ? `no such key (known: ${known.join(", ")})`
    : `no such key; did you mean ${near}? (known: ${known.join(", ")})`;
}

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key")
    return issue.issues.map(({ message }) => `its name ${message}`).join(" and ");
  if (issue.code === "invalid_value")
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
  if (issue.code === "invalid_type") return `must be ${TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === "too_small")
    return `must be ${issue.inclusive === false ? "more than" : "at least"} ${String(issue.minimum)}`;
  if (issue.code === "too_big")
    return `must be ${issue.inclusive === false ? "less than" : "at most"} ${String(issue.maximum)}`;
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return `must be one of ${issue.options.map((option) => JSON.stringify(option)).join(", ")}`;
  if (issue.code === "invalid_format" && issue.format === "url") return "must be a URL";
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

function fixOf(issue: z.core.$ZodIssue): { fix?: string } {
  const fix: unknown = issue.code === "custom" ? issue.params?.["fix"] : undefined;
  return typeof fix === "string" ? { fix } : {};
}

/** zod's name of a type → plain words. */
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

/** Returns a scalar or a short list as JSON. Does not repeat an object, because its path identifies it. */
function shownValue(value: unknown): string {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return AN_OBJECT;
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
