import {
  bySeverity,
  count,
  lossLines,
  mandatoryViolations,
  policyVerdict,
  SIGNS,
  totalsLine,
} from "./change-words.ts";
import { formatDrift } from "../../local/engine/display/format-drift.ts";
import { diffCost } from "../../cost/estimate/diff-cost.ts";
import { formatCostMarkdown } from "../../cost/format/format-cost.ts";
import { costChange, costLine, dollars, hasNoPrice } from "./cost-line.ts";
import { escapeMarkdown } from "../../cost/format/escape-markdown.ts";
import { codeBlock } from "./code-block.ts";
import { parseUrn } from "../../local/engine/urn.ts";
import type { PropertyChange } from "./property-changes.ts";
import { isUnchanged, type ComponentGroup, type PreviewReport } from "./report.ts";
import { showChange } from "./show-value.ts";

/** GitHub refuses the body of a comment that is longer, in characters; ours are counted in bytes, which are no fewer. */
export const COMMENT_LIMIT = 65_536;

/** Hidden in the comment, so that the next run finds and updates it. */
export const COMMENT_MARKER = "<!-- slipway-preview -->";

/** How much of a report is shown. Details are left out in this order; totals, losses and the policy verdict stay. */
const DETAILS = ["properties", "resources", "changed groups", "totals", "counts"] as const;
type Detail = (typeof DETAILS)[number];

/** Stacks that were left out, and why. */
export interface Skipped {
  stack: string;
  because: string;
}

export interface MarkdownOptions {
  /** @default COMMENT_LIMIT */
  maxBytes?: number;
  /** Place of the whole report, such as the summary of the job. */
  fullReport?: string;
}

/**
 * Renders one comment on a pull request for all stacks: changes, verdict of the policies, costs. The comment is never longer than
 * GitHub takes: the properties are left out first, then the groups without changes, then the groups.
 */
export function renderMarkdown(
  reports: readonly PreviewReport[],
  skipped: readonly Skipped[] = [],
  { maxBytes = COMMENT_LIMIT, fullReport = "the summary of the job" }: MarkdownOptions = {},
): string {
  let text = "";
  for (const detail of DETAILS) {
    const cut = detail === "properties" ? undefined : `Too long for a comment: ${fullReport} has all of it.`;
    text = documentOf(reports, skipped, detail, cut);
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  return cutLines(text, maxBytes);
}

function documentOf(
  reports: readonly PreviewReport[],
  skipped: readonly Skipped[],
  detail: Detail,
  cut: string | undefined,
): string {
  return [
    COMMENT_MARKER,
    "## Preview",
    overview(reports),
    ...(cut === undefined ? [] : [`_${cut}_`]),
    ...reports.flatMap((report) => stackSection(report, detail)),
    ...skipped.map(
      ({ stack, because }) => `**${escapeMarkdown(stack)}** was left out: ${escapeMarkdown(because)}`,
    ),
  ].join("\n\n");
}

function overview(reports: readonly PreviewReport[]): string {
  const rows = reports.map((report) => {
    const { stack, totals, policy, cost, failed } = report;
    const losses = lossLines(report).length;
    const cells = [
      `**${escapeMarkdown(stack)}**`,
      (failed.length > 0 ? "❌ " : "") +
        totalsLine(totals) +
        (losses > 0 ? ` — ⚠️ **${count(losses, "data loss", "data losses")}**` : ""),
      verdictSign(policy),
      cost === undefined ? "–" : monthly(cost),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| stack | changes | policy | cost a month |", "| --- | --- | --- | ---: |", ...rows].join("\n");
}

function monthly({ now, before }: NonNullable<PreviewReport["cost"]>): string {
  if (hasNoPrice(now)) return "unknown";
  const total = dollars(now.monthly.expected);
  const change = before && ` (${costChange(now.monthly.expected, before.monthly.expected)})`;
  return escapeMarkdown(`${total}${change ?? ""}`);
}

function verdictSign(policy: PreviewReport["policy"]): string {
  const verdict = policyVerdict(policy);
  if (policy === undefined || verdict === undefined) return "–";
  const isFailed = mandatoryViolations(policy) > 0;
  const hasAdvice = policy.violations.some(({ enforcement }) => enforcement === "advisory");
  return `${isFailed ? "❌" : hasAdvice ? "⚠️" : "✅"} ${verdict}`;
}

function stackSection(report: PreviewReport, detail: Detail): string[] {
  const { stack, engine, against, failed, durationMs } = report;
  const about = `compared with ${against}, by the ${engine}, in ${(durationMs / 1000).toFixed(1)} s`;
  return [
    `### ${escapeMarkdown(stack)}`,
    ...losses(report, detail),
    ...(failed.length === 0 ? [] : [failures(report, detail)]),
    ...notices(report, detail),
    ...driftSection(report, detail),
    ...policySection(report, detail),
    ...changes(report, detail),
    ...costSection(report, detail),
    `<sub>${totalsLine(report.totals)}; ${escapeMarkdown(about)}</sub>`,
  ];
}

function losses(report: PreviewReport, detail: Detail): string[] {
  const lines = lossLines(report);
  if (lines.length === 0) return [];
  const title = `⚠️ **DATA LOSS: ${count(lines.length, "resource")}**`;
  const shown = detail === "counts" ? lines.map((line) => line.slice(0, 120)) : lines;
  return [["> [!CAUTION]", `> ${title}`, ...shown.map((line) => `> - ${escapeMarkdown(line)}`)].join("\n")];
}

/** Warnings and information of the check and of the program. Errors are among the failures. */
function notices({ diagnostics }: PreviewReport, detail: Detail): string[] {
  const max = detail === "totals" || detail === "counts" ? 200 : 1000;
  const shown = diagnostics.filter(
    ({ severity }) => severity === "warning" || (severity === "info" && detail === "properties"),
  );
  const lines = shown.map(({ severity, message, urn }) => {
    const resource = urn === undefined ? "" : `${parseUrn(urn).name}: `;
    return `- **${severity}** ${escapeMarkdown(`${resource}${message}`.slice(0, max))}`;
  });
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function driftSection({ drift }: PreviewReport, detail: Detail): string[] {
  if (drift.length === 0 || detail === "totals" || detail === "counts") return [];
  const title = `${count(drift.length, "resource")} changed or deleted by hand`;
  const block = codeBlock(formatDrift(drift, "preview"), "text");
  return [`<details><summary>${title}</summary>\n\n${block}\n\n</details>`];
}

function failures({ failed }: PreviewReport, detail: Detail): string {
  const max = detail === "totals" || detail === "counts" ? 200 : 2000;
  const lines = failed.map(
    ({ urn, reasons }) => `${urn === "" ? "the program" : parseUrn(urn).name}: ${reasons.join(" ")}`,
  );
  return [
    `❌ **${failed.length} failed**`,
    ...lines.map((line) => `- ${escapeMarkdown(line.slice(0, max))}`),
  ].join("\n");
}

function policySection({ policy }: PreviewReport, detail: Detail): string[] {
  if (policy === undefined) return [];
  const max = detail === "totals" || detail === "counts" ? 200 : 1000;
  const lines = bySeverity(policy).map(({ enforcement, policy: name, urn, message }) => {
    const where = urn === undefined ? "" : ` at ${parseUrn(urn).name}`;
    return `- **${enforcement}** ${escapeMarkdown(`${name}${where}: ${message}`.slice(0, max))}`;
  });
  const shown = detail === "counts" ? lines.filter((line) => line.startsWith("- **mandatory")) : lines;
  return [[`**${verdictSign(policy)}**`, ...shown].join("\n")];
}

function changes(report: PreviewReport, detail: Detail): string[] {
  if (isUnchanged(report)) return ["Nothing changes."];
  if (detail === "totals" || detail === "counts") return [];
  const groups = report.groups.filter(({ changes }) => changes.length > 0);
  const idle = report.groups.filter(({ changes }) => changes.length === 0);
  const sections = groups.map((group) => groupSection(group, detail));
  if (detail === "properties" && idle.length > 0)
    sections.push(`Unchanged: ${idle.map((group) => escapeMarkdown(titleOf(group))).join(", ")}`);
  return sections;
}

function groupSection(group: ComponentGroup, detail: Detail): string {
  const kinds = Object.keys(SIGNS) as (keyof typeof SIGNS)[];
  const counted = kinds
    .map((kind) => [kind, group.changes.filter((change) => change.kind === kind).length] as const)
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => `${n} to ${kind}`);
  const title = `<b>${escapeMarkdown(titleOf(group))}</b>: ${counted.join(", ")}`;
  if (detail === "changed groups") return title;
  const lines = group.changes.flatMap(({ kind, type, name, properties, loses }) => [
    `${DIFF_SIGNS[kind]} ${type} ${name}${loses === undefined ? "" : `  !!! LOSES ${loses.toUpperCase()}`}`,
    ...(detail === "properties" ? properties.flatMap(propertyLines) : []),
  ]);
  return `<details><summary>${title}</summary>\n\n${codeBlock(lines, "diff")}\n\n</details>`;
}

/** First characters by which a block of language `diff` is coloured. */
const DIFF_SIGNS: Readonly<Record<keyof typeof SIGNS, string>> = {
  create: "+",
  update: "!",
  replace: "-+",
  delete: "-",
  read: " ",
};

function propertyLines(change: PropertyChange): string[] {
  const { path, kind, forcesReplacement } = change;
  const { old, new: now } = showChange(change);
  const forced = forcesReplacement ? "  (forces replacement)" : "";
  const lines: string[] = [];
  if (kind !== "add") lines.push(`-     ${path}: ${old}${forced}`);
  if (kind !== "delete") lines.push(`+     ${path}: ${now}${forced}`);
  return lines;
}

/** Resources without a price that a comment names. */
const SHOWN_UNPRICED = 20;

function costSection({ cost }: PreviewReport, detail: Detail): string[] {
  if (cost === undefined) return [];
  const title = escapeMarkdown(costLine(cost));
  if (detail === "totals" || detail === "counts") return [title];
  const { now, before } = cost;
  if (now.byResource.length === 0 && now.unpriced.length === 0) return [title];
  // GitHub reads a pair of dollar signs as mathematics.
  const section = formatCostMarkdown(now, before && diffCost(before, now)).replaceAll("$", "&#36;");
  const missing = now.unpriced.map(
    ({ name, why, detail: what }) => `- ${escapeMarkdown(`${name}: ${why}: ${what}`)}`,
  );
  const gaps =
    missing.length === 0 ? "" : `\n\nNot priced:\n\n${missing.slice(0, SHOWN_UNPRICED).join("\n")}`;
  return [`<details><summary>${title}</summary>\n\n${section}${gaps}\n\n</details>`];
}

/** The last resort: whole lines from the top, which has totals and verdicts, as many as fit. */
function cutLines(text: string, maxBytes: number): string {
  const note = "\n\n_Cut here: the summary of the job has the rest._";
  const kept: string[] = [];
  let bytes = Buffer.byteLength(note);
  for (const line of text.split("\n")) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > maxBytes) break;
    kept.push(line);
  }
  return kept.join("\n") + note;
}

function titleOf({ name, type }: ComponentGroup): string {
  return name === "" ? "outside of components" : `${name} (${type.split(":").at(-1) ?? type})`;
}
