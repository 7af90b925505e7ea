import type { Summary } from "../summary.ts";

/** The end of a run as lines: stack outputs, how many of what, what failed. */
export function formatSummary(summary: Summary): string[] {
  const { action, counts, outputs, durationMs, failed, skipped, policy } = summary;
  const lines: string[] = [];
  if (action !== "destroy" && Object.keys(outputs).length > 0) {
    lines.push("outputs:");
    for (const [key, value] of Object.entries(outputs)) {
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
  add(counts.refresh, "refresh", "refreshed");
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
