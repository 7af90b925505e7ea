import type { CostRange } from "../../cost/estimate/cost-range.ts";
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

/** Sums an estimate up in one line: the monthly cost, its change, GPU hours, and the number of resources without a price. */
export function costLine({ now, before }: CostReport): string {
  const parts = [`cost: ${dollarRange(now.monthly)} a month`];
  if (before !== undefined) parts.push(costChange(now.monthly.expected, before.monthly.expected));
  const gpuHours = now.gpu.reduce((sum, pool) => sum + pool.gpuHours.expected, 0);
  if (gpuHours > 0) parts.push(`${Math.round(gpuHours).toLocaleString("en-US")} GPU hours in it`);
  if (now.unpriced.length > 0) parts.push(`${now.unpriced.length} resources or parts without a price`);
  return parts.join(", ");
}
