import type { ComponentCost, CostEstimate } from "./cost-estimate.ts";
import { add, rangeToCents, times, ZERO, type CostRange } from "./cost-range.ts";

export interface ComponentCostDelta {
  urn: string;
  type: string;
  name: string;
  before: CostRange;
  after: CostRange;
  delta: CostRange;
}

/** The cost of a change. In `delta`, each of `min`, `expected` and `max` is after minus before, so `min` may be the largest. */
export interface CostDiff {
  currency: "USD";
  before: CostRange;
  after: CostRange;
  delta: CostRange;
  /** Components whose cost changes, the largest change first. */
  byComponent: ComponentCostDelta[];
  /** Number of resources without a price after the change, minus before. */
  unpricedDelta: number;
}

/** Returns the difference of two estimates, in total and by component. */
export function diffCost(before: CostEstimate, after: CostEstimate): CostDiff {
  const old = new Map(before.byComponent.map((component) => [component.urn, component]));
  const current = new Map(after.byComponent.map((component) => [component.urn, component]));
  const byComponent = [...new Set([...old.keys(), ...current.keys()])]
    .map((urn) => componentDelta(old.get(urn), current.get(urn)))
    .filter(({ delta }) => delta.min !== 0 || delta.expected !== 0 || delta.max !== 0)
    .sort((a, b) => weight(b.delta) - weight(a.delta) || (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
  return {
    currency: "USD",
    before: before.monthly,
    after: after.monthly,
    delta: minus(after.monthly, before.monthly),
    byComponent,
    unpricedDelta: after.unpriced.length - before.unpriced.length,
  };
}

function componentDelta(
  old: ComponentCost | undefined,
  current: ComponentCost | undefined,
): ComponentCostDelta {
  const { urn = "", type = "", name = "" } = current ?? old ?? {};
  const [before, after] = [old?.monthly ?? ZERO, current?.monthly ?? ZERO];
  return { urn, type, name, before, after, delta: minus(after, before) };
}

function minus(a: CostRange, b: CostRange): CostRange {
  return rangeToCents(add(a, times(b, -1)));
}

function weight({ min, expected, max }: CostRange): number {
  return Math.max(Math.abs(min), Math.abs(expected), Math.abs(max));
}
