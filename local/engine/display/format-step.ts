import { Asset, Secret, Unknown } from "../values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../values/property-value.ts";
import type { Op, Step } from "../plan/step.ts";
import { parsePath, pathIsWithin } from "../values/property-path.ts";
import { differences } from "../values/difference.ts";
import { parseUrn } from "../urn.ts";

export const SIGNS: Record<Op, string> = {
  same: " ",
  create: "+",
  update: "~",
  delete: "-",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  read: ">",
  discard: "<",
  refresh: "~",
};

const MAX_VALUE_CHARS = 120;
/** Longest text inside a value that is shown whole; the file of a ConfigMap may be longer. */
const MAX_ADDED_CHARS = 1000;

/** Formats a step as lines: the operation and the resource, then each changed property, old → new. */
export function formatStep(step: Step): string[] {
  const { type, name } = parseUrn(step.urn);
  const sign = SIGNS[step.op];
  const lines = [`${sign} ${type} ${name}${step.op === "replace" ? " (replace)" : ""}`];
  if (step.op === "delete" || step.op === "same" || step.op === "discard") return lines;
  const olds = step.op === "create" ? {} : (step.old?.inputs ?? {});
  const hidden = (step.new?.hideDiffs ?? []).map(parsePath);
  for (const difference of differences(olds, step.new?.inputs ?? {})) {
    const { path, kind, old, new: now, secret } = difference;
    if (hidden.some((pattern) => pathIsWithin(parsePath(path), pattern))) continue;
    const show = (value: PropertyValue | undefined): string => (secret ? "[secret]" : formatValue(value));
    const forced = step.replaceReasons?.some((reason) => path.startsWith(reason))
      ? "  (forces replacement)"
      : "";
    if (kind === "add" && !secret) lines.push(...added(path, now).map((line) => `    ${line}${forced}`));
    else if (kind === "add") lines.push(`    + ${path}: ${show(now)}${forced}`);
    else if (kind === "delete") lines.push(`    - ${path}: ${show(old)}${forced}`);
    else lines.push(`    ~ ${path}: ${show(old)} → ${show(now)}${forced}`);
  }
  if (step.replaceReasons?.includes("provider")) lines.push("    ~ provider  (forces replacement)");
  return lines;
}

/** Formats a new value without cutting it: a plan has to show the image of a new Deployment. */
function added(path: string, value: PropertyValue | undefined): string[] {
  const [first = "", ...rest] = block(toDisplay(value ?? null));
  const isShort = rest.length === 0;
  return isShort ? [`+ ${path}: ${first}`] : [`+ ${path}:`, ...[first, ...rest].map((line) => `    ${line}`)];
}

/** Formats plain JSON as indented lines. */
function block(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0) {
    const items: unknown[] = value;
    return items.flatMap((item) => block(item).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)));
  }
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0)
    return [cut(inWords(value), MAX_ADDED_CHARS)];
  return Object.entries(value).flatMap(([key, item]) => {
    const lines = block(item);
    const isNested = typeof item === "object" && item !== null && Object.keys(item as object).length > 0;
    return isNested ? [`${key}:`, ...lines.map((line) => `  ${line}`)] : [`${key}: ${lines[0] ?? ""}`];
  });
}

/** Formats a value on one line: secrets are hidden, unknown values are written as by Pulumi, long values are cut. */
export function formatValue(value: PropertyValue | undefined): string {
  return cut(inWords(toDisplay(value ?? null)), MAX_VALUE_CHARS);
}

function inWords(value: unknown): string {
  const text = JSON.stringify(value).replaceAll('"output<...>"', "output<...>");
  return text.replaceAll('"[secret]"', "[secret]");
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function toDisplay(value: PropertyValue): unknown {
  if (value instanceof Secret) return "[secret]";
  if (value instanceof Unknown) return "output<...>";
  if (value instanceof Asset) return `asset(${JSON.stringify(value.raw["path"] ?? value.raw["uri"] ?? "…")})`;
  if (Array.isArray(value)) return value.map(toDisplay);
  if (typeof value !== "object" || value === null) return value;
  const map: PropertyMap = value;
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, toDisplay(item)]));
}
