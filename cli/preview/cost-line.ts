import type { CostEstimate } from "../../cost/estimate/cost-estimate.ts";
import { cloudOf } from "../../cost/estimate/plan-regions.ts";
import type { CostRange } from "../../cost/estimate/cost-range.ts";
import { count } from "./change-words.ts";
import type { CostReport } from "./report.ts";

/** Formats an amount as US dollars without cents: a monthly estimate is not that exact. */
export function dollars(amount: number): string {
  return `$${Math.round(Math.abs(amount)).toLocaleString("en-US")}`;
}

/** `$3,120`, with its bounds where they differ: `$3,120 ($2,000 to $5,000)`. */
export function dollarRange({ min, expected, max }: CostRange): string {
  const bounds = dollars(min) === dollars(max) ? "" : ` (${dollars(min)} to ${dollars(max)})`;
  return dollars(expected) + bounds;
}

/** Formats a change of cost with its sign; `±$0` for no change. */
export function costChange(now: number, before: number): string {
  const change = Math.round(now) - Math.round(before);
  return change === 0 ? "±$0" : `${change > 0 ? "+" : "−"}${dollars(change)}`;
}

/**
 * Whether none of the resources of a cloud has a price, as in a region that the prices lack: a sum of zero is then no cost. Volumes of a
 * cluster that is in no cloud do not count.
 */
export function hasNoPrice({ monthly, unpriced }: CostEstimate): boolean {
  return (
    monthly.max === 0 &&
    unpriced.some(({ type, why }) => cloudOf(type) !== undefined || why === "other region")
  );
}

/** Sums an estimate up in one line: the monthly cost, its change, GPU hours, and the number of resources without a price. */
export function costLine({ now, before }: CostReport): string {
  if (hasNoPrice(now))
    return `cost: unknown: ${count(now.unpriced.length, "resource or part has", "resources or parts have")} no price`;
  const parts = [`cost: ${dollarRange(now.monthly)} a month`];
  if (before !== undefined) parts.push(costChange(now.monthly.expected, before.monthly.expected));
  const gpuHours = now.gpu.reduce((sum, pool) => sum + pool.gpuHours.expected, 0);
  if (gpuHours > 0) parts.push(`${Math.round(gpuHours).toLocaleString("en-US")} GPU hours in it`);
  if (now.unpriced.length > 0)
    parts.push(
      `without ${count(now.unpriced.length, "resource or part that has", "resources or parts that have")} no price`,
    );
  return parts.join(", ");
}
