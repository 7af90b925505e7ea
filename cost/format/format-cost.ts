import type { CostEstimate, GpuPoolCost } from "../estimate/cost-estimate.ts";
import type { CostRange } from "../estimate/cost-range.ts";
import type { CostDiff } from "../estimate/diff-cost.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import { servicesMarkdown, servicesText } from "./format-services.ts";
import { columns } from "./text-columns.ts";

/** Number of components in a comment; one row sums up the others. */
const TOP_COMPONENTS = 8;
/** Number of missing prices in the text. */
const TOP_UNPRICED = 20;

/** Formats an amount: `$1,234.56`, `-$0.50`. */
export function formatUsd(usd: number): string {
  const [whole = "0", cents = "00"] = Math.abs(usd).toFixed(2).split(".");
  return `${usd < 0 ? "-" : ""}$${whole.replaceAll(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

/** Formats a change of an amount: `+$12.00`, `-$0.50`, `$0.00`. */
export function formatDelta(usd: number): string {
  return usd > 0 ? `+${formatUsd(usd)}` : formatUsd(usd);
}

/** Formats an estimate as text for a terminal. */
export function formatCostText(estimate: CostEstimate): string {
  const { monthly, byComponent, gpu, services, unpriced, assumptions, pricesAsOf } = estimate;
  const lines = columns([
    ["COMPONENT", "TYPE", "MIN", "EXPECTED", "MAX"],
    ...byComponent.map(({ name, type, monthly }) => [name, type, ...amounts(monthly)]),
    ["total per month", "", ...amounts(monthly)],
  ]);
  if (gpu.length > 0)
    lines.push(
      "",
      ...columns([
        ["GPU POOL", "NODE", "PER HOUR", "AT MIN", "AT MAX"],
        ...gpu.map((pool) => [
          pool.pool,
          machineOf(pool),
          formatUsd(pool.hourly),
          formatUsd(pool.monthlyAtMin),
          formatUsd(pool.monthlyAtMax),
        ]),
      ]),
    );
  lines.push(...servicesText(services));
  if (unpriced.length > 0) lines.push("", `not priced (${unpriced.length}):`, ...unpricedLines(unpriced));
  lines.push("", pricesSince(pricesAsOf), ...assumptions.map((line) => `- ${line}`));
  return lines.join("\n");
}

/** Returns a line for each missing price of a type, with the resources that need it. */
function unpricedLines(unpriced: CostEstimate["unpriced"]): string[] {
  const byPrice = new Map<string, { name: string; size: number }>();
  for (const { name, type, why, detail } of unpriced) {
    const price = `(${type}): ${why}: ${detail}`;
    const group = byPrice.get(price);
    byPrice.set(price, { name: group?.name ?? name, size: (group?.size ?? 0) + 1 });
  }
  const groups = [...byPrice];
  const left = groups.slice(TOP_UNPRICED).reduce((all, [, { size }]) => all + size, 0);
  return [
    ...groups
      .slice(0, TOP_UNPRICED)
      .map(([price, { name, size }]) => `  ${name}${size > 1 ? ` and ${size - 1} more` : ""} ${price}`),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

/** Says from which day on the prices are. */
function pricesSince(pricesAsOf: string | undefined): string {
  return pricesAsOf === undefined ? "no price was used" : `prices as of ${pricesAsOf} or later`;
}

/** Formats an estimate as Markdown for a pull request: total and change, the most expensive components, GPUs, missing prices. */
export function formatCostMarkdown(estimate: CostEstimate, diff?: CostDiff): string {
  const { monthly, byComponent, gpu, services, unpriced, pricesAsOf } = estimate;
  const change = diff === undefined ? "" : ` (${formatDelta(diff.delta.expected)})`;
  const lines = [
    `**Cost: ${formatUsd(monthly.expected)} per month${change}**, from ${formatUsd(monthly.min)} to ${formatUsd(monthly.max)}`,
    "",
  ];
  if (diff === undefined) {
    const rest = byComponent.slice(TOP_COMPONENTS);
    lines.push("| component | min | expected | max |", "| --- | ---: | ---: | ---: |");
    for (const { name, monthly } of byComponent.slice(0, TOP_COMPONENTS))
      lines.push(`| ${escapeMarkdown(name)} | ${amounts(monthly).join(" | ")} |`);
    if (rest.length > 0) lines.push(`| ${rest.length} more | ${amounts(sum(rest)).join(" | ")} |`);
  } else if (diff.byComponent.length === 0) lines.push("No component's cost changes.");
  else {
    lines.push("| component | before | after | change |", "| --- | ---: | ---: | ---: |");
    for (const { name, before, after, delta } of diff.byComponent.slice(0, TOP_COMPONENTS))
      lines.push(
        `| ${escapeMarkdown(name)} | ${formatUsd(before.expected)} | ${formatUsd(after.expected)} | ${formatDelta(delta.expected)}${atMost(delta)} |`,
      );
    const more = diff.byComponent.length - TOP_COMPONENTS;
    if (more > 0) lines.push(`| ${more} more | | | |`);
  }
  if (gpu.length > 0) {
    lines.push("", "| GPU pool | node | per hour | at min | at max |", "| --- | --- | ---: | ---: | ---: |");
    for (const pool of gpu)
      lines.push(
        `| ${escapeMarkdown(pool.pool)} | ${escapeMarkdown(machineOf(pool))} | ${[pool.hourly, pool.monthlyAtMin, pool.monthlyAtMax].map(formatUsd).join(" | ")} |`,
      );
  }
  lines.push(...servicesMarkdown(services));
  const gaps = unpriced.length === 0 ? "everything is priced" : `${unpriced.length} not priced`;
  lines.push(
    "",
    `${gaps}; ${pricesSince(pricesAsOf)}${pricesAsOf === undefined ? "" : ", on demand unless spot"}.`,
  );
  return lines.join("\n");
}

/** Formats the maximum change, if it differs from the expected one. */
function atMost({ expected, max }: CostRange): string {
  return expected === max ? "" : ` (max ${formatDelta(max)})`;
}

function machineOf({ machine, count, spot }: GpuPoolCost): string {
  return `${machine}, ${count} GPU${count === 1 ? "" : "s"}${spot ? ", spot" : ""}`;
}

function amounts({ min, expected, max }: CostRange): string[] {
  return [min, expected, max].map(formatUsd);
}

function sum(components: readonly { monthly: CostRange }[]): CostRange {
  const total = (key: keyof CostRange): number =>
    components.reduce((all, { monthly }) => all + monthly[key], 0);
  return { min: total("min"), expected: total("expected"), max: total("max") };
}
