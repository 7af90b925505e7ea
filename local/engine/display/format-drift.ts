import type { Drift, DriftChange } from "../plan/drift.ts";
import { formatValue } from "./format-step.ts";
import { label } from "./label.ts";

const CONSEQUENCE: Record<string, string> = {
  up: "this run puts back what the program still wants",
  preview: "`up` puts back what the program still wants",
  refresh: "the state now says so",
  "refresh preview": "a refresh takes that into the state",
};

/** Formats the changes and deletions that were made outside of the program, as lines. */
export function formatDrift(drift: readonly Drift[], action: string): string[] {
  const many = drift.length === 1 ? "1 resource is" : `${drift.length} resources are`;
  const consequence = CONSEQUENCE[action];
  return [
    `${many} not as the last run left ${drift.length === 1 ? "it" : "them"}${consequence ? `; ${consequence}` : ""}:`,
    ...drift.flatMap(({ urn, kind, changes }) => [
      `  ${kind === "gone" ? "-" : "~"} ${label(urn)} ${kind === "gone" ? "is gone" : "was changed"}`,
      ...changes.map((change) => `      ${formatChange(change)}`),
    ]),
  ];
}

function formatChange({ path, kind, old, new: now }: DriftChange): string {
  if (kind === "add") return `${path}: ${formatValue(now)} was added`;
  if (kind === "delete") return `${path}: ${formatValue(old)} was removed`;
  return `${path}: ${formatValue(old)} → ${formatValue(now)}`;
}
