import type { CostEstimate } from "../../cost/cost-estimate.ts";
import type { CostRange } from "../../cost/cost-range.ts";
import type { CostReport } from "./report.ts";

/** US dollars without cents, which a monthly estimate does not have. */
export function dollars(amount: number): string {
  return `$${Math.round(Math.abs(amount)).toLocaleString("en-US")}`;
}

/** `$3,120`, with its bounds where they differ: `$3,120 ($2,000 to $5,000)`. */
export function dollarRange({ min, expected, max }: CostRange): string {
  const bounds = dollars(min) === dollars(max) ? "" : ` (${dollars(min)} to ${dollars(max)})`;
  return dollars(expected) + bounds;
}

/** A change of costs with its sign; `±$0` where they stay. */
export function costChange(now: number, before: number): string {
  const change = Math.round(now) - Math.round(before);
  return change === 0 ? "±$0" : `${change > 0 ? "+" : "−"}${dollars(change)}`;
}

/** The whole of an estimate in one sentence. */
export function costLine({ now, before }: CostReport): string {
  const parts = [`cost: ${dollarRange(now.monthly)} a month`];
  if (before !== undefined) parts.push(costChange(now.monthly.expected, before.monthly.expected));
  const gpuHours = now.gpu.reduce((sum, pool) => sum + pool.gpuHours.expected, 0);
  if (gpuHours > 0) parts.push(`${Math.round(gpuHours).toLocaleString("en-US")} GPU hours in it`);
  if (now.unpriced.length > 0) parts.push(`${now.unpriced.length} resources or parts without a price`);
  return parts.join(", ");
}

export interface ComponentCostChange {
  name: string;
  type: string;
  now: number;
  before: number | undefined;
}

/** Expected costs by component, those that are gone at the end. */
export function costByComponent({ now, before }: CostReport): ComponentCostChange[] {
  const old = new Map(before?.byComponent.map(({ urn, monthly }) => [urn, monthly.expected]));
  const kept = new Set(now.byComponent.map(({ urn }) => urn));
  const gone = (before?.byComponent ?? []).filter(({ urn }) => !kept.has(urn));
  const change = (
    { name, type, urn }: CostEstimate["byComponent"][number],
    expected: number,
  ): ComponentCostChange => ({
    name: name === "" ? "outside of components" : name,
    type,
    now: expected,
    before: before === undefined ? undefined : (old.get(urn) ?? 0),
  });
  return [
    ...now.byComponent.map((component) => change(component, component.monthly.expected)),
    ...gone.map((component) => change(component, 0)),
  ];
}
