import type { UnpricedReason } from "./unpriced.ts";
import type { CostRange } from "./cost-range.ts";
import type { InputReader } from "./input-reader.ts";
import type { PlannedResource } from "./planned-resource.ts";
import type { Usage } from "./usage.ts";

/** So much of a sku, for a month. */
export interface Charge {
  /** What is paid for, without numbers: `nodes`, `disk`. */
  what: string;
  sku: string;
  /** How many run at a time where the sku is priced by the hour; else units per month. */
  quantity: CostRange;
  /** @default false */
  spot?: boolean;
  /** Times the price of the sku, where the cloud has no sku of its own for it. @default 1 */
  factor?: number;
  /** It is a pool of nodes: shown apart where its machine has accelerators. */
  pool?: { name: string; /** Accelerators per node. @default - the price table's */ gpus?: number };
}

/** What the bill will have and the plan cannot say. */
export interface Unpriced {
  why: UnpricedReason;
  detail: string;
}

/** What a pricer may ask about the rest of the plan. */
export interface PricingContext {
  resource: PlannedResource;
  usage: Required<Omit<Usage, "regions">>;
  /** Inputs of resources of a type with the same parent. */
  siblings: (type: string) => InputReader[];
  /** Inputs of all resources of a type. */
  all: (type: string) => InputReader[];
}

export interface Bill {
  charges: Charge[];
  /** @default - nothing */
  unpriced?: Unpriced[];
}

/** What a resource is charged for; throws NotPriced. */
export type Pricer = (inputs: InputReader, context: PricingContext) => Bill;

/** Pricers of a cloud by the type of the resource. */
export type Pricers = Readonly<Record<string, Pricer>>;
