import type { UnpricedReason } from "./unpriced.ts";
import type { CostRange } from "./cost-range.ts";
import type { InputReader } from "./input-reader.ts";
import type { PlannedResource } from "./planned-resource.ts";
import type { Usage } from "./usage.ts";

/** A quantity of a SKU for one month. */
export interface Charge {
  /** Label of the charge, without numbers, such as `nodes` or `disk`. */
  what: string;
  sku: string;
  /** Instances that run at the same time, if the SKU is priced per hour; otherwise units per month. */
  quantity: CostRange;
  /** Use the spot price. @default false */
  spot?: boolean;
  /** Multiplies the price of the SKU, where the cloud has no SKU for this charge. @default 1 */
  factor?: number;
  /** Set for node pools; pools with accelerators are also listed separately. */
  pool?: { name: string; /** Accelerators per node. @default - the price table's */ gpus?: number };
}

/** A part of the bill without a price. */
export interface Unpriced {
  why: UnpricedReason;
  detail: string;
}

/** Data for a pricer besides the inputs: the resource, the usage, the day, and related resources. */
export interface PricingContext {
  resource: PlannedResource;
  usage: Required<Omit<Usage, "regions" | "extendedSupport">> & Pick<Usage, "extendedSupport">;
  /** A calendar day, such as `2026-11-23`. */
  today: string;
  /**
   * Returns the inputs of the resource of a type that a property references; undefined if the plan does not have it. Throws
   * NotPriced if several resources are possible. `paths` are the inputs with its id or name.
   */
  related: (type: string, property: string, ...paths: string[]) => InputReader | undefined;
}

export interface Bill {
  charges: Charge[];
  /** Parts without a price. @default - nothing */
  unpriced?: Unpriced[];
  /** Assumptions of the charges, in sentences. @default - nothing */
  notes?: string[];
}

/** Returns the charges of a resource. Throws NotPriced. */
export type Pricer = (inputs: InputReader, context: PricingContext) => Bill;

/** Pricers of a cloud by resource type. */
export type Pricers = Readonly<Record<string, Pricer>>;
