import { bySeverity, lossLines, policyVerdict, SIGNS, totalsLine } from "./change-words.ts";
import { firstDayText } from "../../cost/format/first-day.ts";
import { formatCostText } from "../../cost/format/format-cost.ts";
import { formatDrift } from "../../local/engine/display/format-drift.ts";
import { costLine, hasNoPrice } from "./cost-line.ts";
import { parseUrn } from "../../local/engine/urn.ts";
import type { PropertyChange } from "./property-changes.ts";
import type { ComponentGroup, PolicyReport, PreviewReport, ResourceChange } from "./report.ts";
import { showChange } from "./show-value.ts";

/** Most paths, known only after apply, that the line of a created resource names. */
const NAMED_UNKNOWNS = 4;

/** Renders a preview for people: changes by component, then data losses, failures, policies and cost, then the totals. */
export function renderText(report: PreviewReport): string {
  const { stack, engine, against, durationMs, totals } = report;
  const lines = [`preview of ${stack}, compared with ${against} (${engine})`, ""];
  if (report.drift.length > 0) lines.push(...formatDrift(report.drift, "preview"), "");
  for (const group of report.groups) lines.push(...groupLines(group));
  for (const { severity, message, urn } of report.diagnostics)
    if (severity !== "error")
      lines.push(`${severity}: ${urn === undefined ? "" : `${parseUrn(urn).name}: `}${message}`);
  for (const { urn, reasons } of report.failed)
    lines.push(`✗ ${urn === "" ? "the program" : parseUrn(urn).name}: ${reasons.join("\n    ")}`);
  const losses = lossLines(report);
  if (losses.length > 0) lines.push("", "!!! DATA LOSS", ...losses.map((loss) => `!!! ${loss}`), "");
  lines.push(...policyLines(report.policy), ...costLines(report));
  const broken = report.failed.length === 0 ? "" : `, ${report.failed.length} failed`;
  lines.push(`${totalsLine(totals)}${broken} (${(durationMs / 1000).toFixed(1)} s)`);
  return lines.join("\n");
}

function groupLines({ name, type, changes, unchanged }: ComponentGroup): string[] {
  if (changes.length === 0) return [];
  const title = name === "" ? "outside of components" : `${name} (${type.split(":").at(-1) ?? type})`;
  const rest = unchanged === 0 ? "" : `, ${unchanged} unchanged`;
  return [`${title}${rest}`, ...changes.flatMap(changeLines), ""];
}

function changeLines(change: ResourceChange): string[] {
  const { kind, type, name, afterApply, properties, loses } = change;
  const named = afterApply.slice(0, NAMED_UNKNOWNS).join(", ");
  const more = afterApply.length > NAMED_UNKNOWNS ? ` and ${afterApply.length - NAMED_UNKNOWNS} more` : "";
  const unknown = named === "" ? "" : `  (known after apply: ${named}${more})`;
  const shout = loses === undefined ? "" : `  !!! LOSES ${loses.toUpperCase()}`;
  return [`  ${SIGNS[kind]} ${type} ${name}${unknown}${shout}`, ...properties.map(propertyLine)];
}

function propertyLine(change: PropertyChange): string {
  const { path, kind, forcesReplacement } = change;
  const { old, new: now } = showChange(change);
  const forced = forcesReplacement ? "  (forces replacement)" : "";
  if (kind === "add") return `      + ${path}: ${now}${forced}`;
  if (kind === "delete") return `      - ${path}: ${old}${forced}`;
  return `      ~ ${path}: ${old} → ${now}${forced}`;
}

function policyLines(policy: PolicyReport | undefined): string[] {
  const verdict = policyVerdict(policy);
  if (policy === undefined || verdict === undefined) return [];
  const violations = bySeverity(policy).map(
    ({ enforcement, policy: name, urn, message }) =>
      `  ${enforcement}: ${name}${urn === undefined ? "" : ` at ${parseUrn(urn).name}`}: ${message}`,
  );
  return [verdict, ...violations];
}

function costLines({ cost, failed }: Pick<PreviewReport, "cost" | "failed">): string[] {
  if (cost === undefined) return [];
  const isFree = [cost.now, cost.before].every(
    (estimate) => estimate === undefined || (estimate.monthly.max === 0 && !hasNoPrice(estimate)),
  );
  if (isFree && failed.length > 0) return ["cost: unknown: the plan failed"];
  if (isFree) return ["cost: nothing of this stack has a price: it runs on a machine that you have"];
  const firstDay = hasNoPrice(cost.now) ? [] : [...firstDayText(cost.now), ""];
  return ["", formatCostText(cost.now), "", ...firstDay, costLine(cost)];
}
