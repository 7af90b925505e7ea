import type { Bill, Charge, Pricer, PricingContext } from "../estimate/charge.ts";
import { always, type CostRange } from "../estimate/cost-range.ts";

/** Returns a bill with one charge. */
export function singleCharge(what: string, sku: string, quantity = 1): Bill {
  return { charges: [charge(what, sku, quantity)] };
}

export function charge(what: string, sku: string, quantity = 1, factor?: number): Charge {
  return { what, sku, quantity: always(quantity), ...(factor === undefined ? {} : { factor }) };
}

export const nothing: Bill = { charges: [] };

/** Returns a pricer with the same charge for all inputs. */
export function fixed(what: string, sku: string): Pricer {
  return () => singleCharge(what, sku);
}

/** Returns a pricer for resources that are billed by traffic or use, which a plan does not contain. */
export function usagePriced(detail: string): Pricer {
  return () => ({ charges: [], unpriced: [{ why: "usage priced", detail }] });
}

/** Returns the minimum, expected and maximum number of nodes. Expected is the number in the usage, else the initial size, else the minimum. */
export function poolSize(
  { resource, usage }: PricingContext,
  { min, start, max }: { min: number; start?: number; max: number },
  name = resource.name,
): CostRange {
  const most = Math.max(min, max);
  const expected = (Object.hasOwn(usage.nodes, name) ? usage.nodes[name] : undefined) ?? start ?? min;
  return { min, expected: Math.min(most, Math.max(min, expected)), max: most };
}
