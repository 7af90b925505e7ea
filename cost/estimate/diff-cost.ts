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

/** What a change costs. `min`, `expected` and `max` are each after minus before: `min` may be the largest. */
export interface CostDiff {
  currency: "USD";
  before: CostRange;
  after: CostRange;
  delta: CostRange;
  /** Components whose cost changes, the largest change first. */
  byComponent: ComponentCostDelta[];
  /** How many more resources are not priced. */
  unpricedDelta: number;
}

/** The cost of going from one estimate to another, in whole and by component. */
export function diffCost(before: CostEstimate, after: CostEstimate): CostDiff {
  const was = new Map(before.byComponent.map((component) => [component.urn, component]));
  const is = new Map(after.byComponent.map((component) => [component.urn, component]));
  const byComponent = [...new Set([...was.keys(), ...is.keys()])]
    .map((urn) => componentDelta(was.get(urn), is.get(urn)))
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

function componentDelta(was: ComponentCost | undefined, is: ComponentCost | undefined): ComponentCostDelta {
  const { urn = "", type = "", name = "" } = is ?? was ?? {};
  const [before, after] = [was?.monthly ?? ZERO, is?.monthly ?? ZERO];
  return { urn, type, name, before, after, delta: minus(after, before) };
}

function minus(a: CostRange, b: CostRange): CostRange {
  return rangeToCents(add(a, times(b, -1)));
}

function weight({ min, expected, max }: CostRange): number {
  return Math.max(Math.abs(min), Math.abs(expected), Math.abs(max));
}
