import {
  HOURS_PER_MONTH,
  type ChargeCost,
  type CostEstimate,
  type ResourceCost,
} from "../estimate/cost-estimate.ts";
import { plainType } from "../estimate/plain-type.ts";
import { formatUsd } from "./format-cost.ts";
import { columns } from "./text-columns.ts";

/** Areas of the bill of a first day, in the order of the table. */
export const FIRST_DAY_AREAS = [
  "control plane",
  "nodes and their disks",
  "network",
  "Redis and databases",
  "images, objects and volumes",
  "keys and secrets",
  "logs and metrics",
  "other",
] as const;
export type FirstDayArea = (typeof FIRST_DAY_AREAS)[number];

const HOURS_PER_DAY = 24;
const NODES = ["nodes", "disks of nodes", "GPUs of nodes", "detailed monitoring"];
const BY_TYPE: readonly (readonly [RegExp, FirstDayArea])[] = [
  [/[Kk]ms|keyvault|secret/, "keys and secrets"],
  [/redis|elasticache|memorystore|rds|sql/, "Redis and databases"],
  [/^kubernetes:|ebs|:ecr|artifactregistry|containerregistry|:s3|storage/, "images, objects and volumes"],
  [/:(ec2|compute|network|dns|privatedns|route53|lb|alb)/, "network"],
];

function areaOf({ type }: ResourceCost, { what }: ChargeCost): FirstDayArea {
  if (what === "control plane") return "control plane";
  if (/log|samples/.test(what)) return "logs and metrics";
  const plain = plainType(type);
  if (NODES.includes(what) && /container|eks/.test(plain)) return "nodes and their disks";
  return BY_TYPE.find(([pattern]) => pattern.test(plain))?.[1] ?? "other";
}

/**
 * Returns the cost in USD of the first 24 hours of a new stack, by area: what the estimate has for a month, for 24 of its 730 hours. Use,
 * such as logs, counts as in any other day.
 */
export function firstDayCost({ byResource }: CostEstimate): Record<FirstDayArea, number> {
  const days = Object.fromEntries(FIRST_DAY_AREAS.map((area) => [area, 0])) as Record<FirstDayArea, number>;
  for (const resource of byResource)
    for (const charge of resource.charges)
      days[areaOf(resource, charge)] += (charge.monthly.expected * HOURS_PER_DAY) / HOURS_PER_MONTH;
  return days;
}

/** Formats the first day as lines for a terminal. */
export function firstDayText(estimate: CostEstimate): string[] {
  const days = firstDayCost(estimate);
  const rows = FIRST_DAY_AREAS.filter((area) => days[area] >= 0.005);
  return columns([
    ["FIRST DAY", "EXPECTED"],
    ...rows.map((area) => [area, formatUsd(days[area])]),
    ["total of 24 hours", formatUsd(totalOf(days))],
  ]);
}

/** Formats the first day of several stacks as a Markdown table, one column for each. */
export function firstDayMarkdown(stacks: readonly { name: string; estimate: CostEstimate }[]): string {
  const days = stacks.map(({ estimate }) => firstDayCost(estimate));
  const row = (label: string, cells: readonly number[]): string =>
    `| ${label} | ${cells.map(formatUsd).join(" | ")} |`;
  const rows = FIRST_DAY_AREAS.filter((area) => days.some((day) => day[area] >= 0.005));
  return [
    `| | ${stacks.map(({ name }) => name).join(" | ")} |`,
    `| --- |${" ---: |".repeat(stacks.length)}`,
    ...rows.map((area) =>
      row(
        area,
        days.map((day) => day[area]),
      ),
    ),
    row("**first 24 hours**", days.map(totalOf)),
    row(
      "every month after it",
      stacks.map(({ estimate }) => estimate.monthly.expected),
    ),
  ].join("\n");
}

const totalOf = (days: Record<FirstDayArea, number>): number =>
  Object.values(days).reduce((sum, usd) => sum + usd, 0);
