import { plainOutputs } from "../summary.ts";
import type { Summary } from "../summary.ts";
import { isStackType } from "../urn.ts";

/** Formats the summary of a run as lines: stack outputs, counts of the operations, failures. */
export function formatSummary(summary: Summary): string[] {
  const { action, counts, outputs, durationMs, failed, skipped, policy } = summary;
  const lines: string[] = [];
  const shown = Object.entries(outputs).filter(([key, value]) => !isFormer(summary, key, value));
  if (action !== "destroy" && shown.length > 0) {
    lines.push("outputs:");
    for (const [key, value] of shown) {
      lines.push(`    ${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
    }
  }
  const verb = action === "preview" ? "to " : "";
  const parts: string[] = [];
  const add = (count: number, present: string, past: string): void => {
    if (count > 0) parts.push(`${count} ${verb}${action === "preview" ? present : past}`);
  };
  add(counts.create, "create", "created");
  add(counts.update, "update", "updated");
  add(counts.replace, "replace", "replaced");
  add(counts.delete, "delete", "deleted");
  parts.push(...refreshed(summary));
  if (counts.same > 0) parts.push(`${counts.same} unchanged`);
  if (failed.length > 0) parts.push(`${failed.length} failed`);
  if (skipped.length > 0) parts.push(`${skipped.length} skipped`);
  const mandatory = policy.violations.filter(({ enforcement }) => enforcement === "mandatory").length;
  const advice = policy.violations.length - mandatory;
  if (mandatory > 0) parts.push(`${mandatory} against policy`);
  if (advice > 0) parts.push(`${advice} policy advice`);
  lines.push(`${action}: ${parts.join(", ") || "nothing to do"} (${(durationMs / 1000).toFixed(1)} s)`);
  return lines;
}

/** Formats the result of a `refresh`. A run that only begins with a refresh shows the drift, and counts its own steps. */
function refreshed({ action, counts, drift }: Summary): string[] {
  if (action !== "refresh") return [];
  const gone = drift.filter(({ kind }) => kind === "gone").length;
  const changed = drift.length - gone;
  const parts = [`${counts.refresh - drift.length} as the last run left them`];
  if (changed > 0) parts.push(`${changed} changed`);
  if (gone > 0) parts.push(`${gone} gone`);
  return counts.refresh === 0 ? [] : parts;
}

/** True for an output that a preview does not change. */
function isFormer({ action, changes }: Summary, key: string, value: unknown): boolean {
  if (action !== "preview") return false;
  const stack = changes.find(({ old }) => old && isStackType(old.type))?.old;
  const former = plainOutputs(stack?.outputs ?? {}, false);
  return key in former && JSON.stringify(former[key]) === JSON.stringify(value);
}
