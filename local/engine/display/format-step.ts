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

/** A step as lines: what is done to which resource, then each property that differs, old → new. */
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
    if (kind === "add") lines.push(`    + ${path}: ${show(now)}${forced}`);
    else if (kind === "delete") lines.push(`    - ${path}: ${show(old)}${forced}`);
    else lines.push(`    ~ ${path}: ${show(old)} → ${show(now)}${forced}`);
  }
  if (step.replaceReasons?.includes("provider")) lines.push("    ~ provider  (forces replacement)");
  return lines;
}

/** A value on one line: secrets hidden, unknowns as Pulumi writes them, long ones cut. */
export function formatValue(value: PropertyValue | undefined): string {
  const text = JSON.stringify(toDisplay(value ?? null)).replaceAll('"output<...>"', "output<...>");
  const open = text.replaceAll('"[secret]"', "[secret]");
  return open.length > MAX_VALUE_CHARS ? `${open.slice(0, MAX_VALUE_CHARS - 1)}…` : open;
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
