import type { CostEstimate } from "./cost-estimate.ts";
import type { PlannedResource } from "./planned-resource.ts";
import type { PriceTable } from "./price-table.ts";
import type { Usage } from "./usage.ts";
import { HOURS_PER_MONTH } from "./cost-estimate.ts";
import { ZERO } from "./cost-range.ts";

export interface EstimateOptions {
  prices: PriceTable;
  usage?: Usage;
}

/** What resources cost per month. Never throws: what cannot be priced is in `unpriced`. */
export function estimateCost(_resources: readonly PlannedResource[], _options: EstimateOptions): CostEstimate {
  return {
    currency: "USD",
    hoursPerMonth: HOURS_PER_MONTH,
    monthly: ZERO,
    byComponent: [],
    byResource: [],
    gpu: [],
    unpriced: [],
    assumptions: [],
  };
}
