import type { CostEstimate } from "./cost-estimate.ts";
import { cloudOf } from "./plan-regions.ts";
import type { UnpricedResource } from "./unpriced.ts";

/**
 * Returns the resources whose cost is neither in the totals of an estimate nor paid by use. Volumes of a cluster that is in no cloud do
 * not count: nobody sells them.
 */
export function missingPrices({ unpriced }: Pick<CostEstimate, "unpriced">): UnpricedResource[] {
  return unpriced.filter(
    ({ type, why }) => why !== "usage priced" && (cloudOf(type) !== undefined || why !== "unknown value"),
  );
}
