import type { z } from "zod";
import { knownKeys } from "./schema-keys.ts";

export interface ConfigErrorOptions {
  /** Namespace of the keys, such as `slipway`. */
  project: string;
  schema: z.ZodType;
  /** What was parsed. */
  config: unknown;
  /** Paths whose values are not shown, nor anything below them. */
  secretPaths: readonly string[];
}

/** The stack config breaks the schema. The message has a line per fault: path, rule, value, fix. */
export class ConfigError extends Error {
  constructor(lines: readonly string[]) {
    super(
      lines.length === 1
        ? `config: ${lines[0]}`
        : `config has ${lines.length} faults:\n  ${lines.join("\n  ")}`,
    );
    this.name = "ConfigError";
  }
}

/** A line per fault. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], options: ConfigErrorOptions): string[] {
  return issues.flatMap((issue) => describe(issue, options));
}

function describe(issue: z.core.$ZodIssue, options: ConfigErrorOptions): string[] {
  const { project, schema, config, secretPaths } = options;
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint = near === undefined ? "" : `; did you mean ${near}?`;
      const full = fullPath(project, [...path, key]);
      return `${full}: no such key (known: ${known.join(", ")})${hint} remove it: pulumi config rm --path '${full}'`;
    });
  }
  const full = fullPath(project, path);
  const value = at(config, path);
  const rule = ruleOf(issue);
  if (value === undefined)
    return [`${full}: ${rule}, got nothing; set it: pulumi config set --path '${full}' VALUE`];
  const secret = secretPaths.some((secretPath) => {
    const here = path.join(".");
    return here === secretPath || here.startsWith(`${secretPath}.`) || secretPath.startsWith(`${here}.`);
  });
  const shown = secret ? "a value that is not shown" : JSON.stringify(value);
  return [`${full}: ${rule}, got ${shown}; change it: pulumi config set --path '${full}' VALUE`];
}

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key")
    return issue.issues.map(({ message }) => `its name ${message}`).join(" and ");
  if (issue.code === "invalid_value")
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
  if (issue.code === "invalid_type")
    return `must be ${issue.expected === "int" ? "a whole number" : issue.expected === "object" ? "an object" : `a ${issue.expected}`}`;
  if (issue.code === "too_small")
    return `must be ${issue.inclusive === false ? "more than" : "at least"} ${String(issue.minimum)}`;
  if (issue.code === "too_big")
    return `must be ${issue.inclusive === false ? "less than" : "at most"} ${String(issue.maximum)}`;
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return `must be one of ${issue.options.map((option) => JSON.stringify(option)).join(", ")}`;
  if (issue.code === "invalid_format" && issue.format === "url") return "must be a URL";
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

function fullPath(project: string, path: readonly string[]): string {
  return `${project}:${path.join(".")}`;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

/** The known key that a typing error away is meant; undefined if none is near. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(key.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
