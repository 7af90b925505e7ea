import type { Bill, Charge, Pricer, PricingContext } from "../estimate/charge.ts";
import { always, type CostRange } from "../estimate/cost-range.ts";

/** A bill of one charge. */
export function one(what: string, sku: string, quantity = 1): Bill {
  return { charges: [charge(what, sku, quantity)] };
}

export function charge(what: string, sku: string, quantity = 1, factor?: number): Charge {
  return { what, sku, quantity: always(quantity), ...(factor === undefined ? {} : { factor }) };
}

export const nothing: Bill = { charges: [] };

/** Always the same charge, whatever the inputs. */
export function fixed(what: string, sku: string): Pricer {
  return () => one(what, sku);
}

/** A resource that is paid for by its traffic or its use, which no plan says. */
export function usagePriced(detail: string): Pricer {
  return () => ({ charges: [], unpriced: [{ why: "usage priced", detail }] });
}

/** Minimum, expected and maximum number of nodes. Expected is what the usage says, else the number that the pool starts with. */
export function poolSize(
  { resource, usage }: PricingContext,
  { min, start, max }: { min: number; start?: number; max: number },
  name = resource.name,
): CostRange {
  const most = Math.max(min, max);
  const wanted = (Object.hasOwn(usage.nodes, name) ? usage.nodes[name] : undefined) ?? start ?? min;
  return { min, expected: Math.min(most, Math.max(min, wanted)), max: most };
}
