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

/** A part of the bill that the plan cannot tell. */
export interface Unpriced {
  why: UnpricedReason;
  detail: string;
}

/** What a pricer may ask about the rest of the plan, and about the day. */
export interface PricingContext {
  resource: PlannedResource;
  usage: Required<Omit<Usage, "regions" | "extendedSupport">> & Pick<Usage, "extendedSupport">;
  /** A calendar day, such as `2026-11-23`. */
  today: string;
  /**
   * Inputs of the resource of a type that a property refers to; undefined where the plan does not have it. Throws
   * NotPriced where several could be meant. `paths` are those inputs that hold its id or name.
   */
  related: (type: string, property: string, ...paths: string[]) => InputReader | undefined;
}

export interface Bill {
  charges: Charge[];
  /** @default - nothing */
  unpriced?: Unpriced[];
  /** What the charges take for granted, in sentences. @default - nothing */
  notes?: string[];
}

/** What a resource is charged for; throws NotPriced. */
export type Pricer = (inputs: InputReader, context: PricingContext) => Bill;

/** Pricers of a cloud by the type of the resource. */
export type Pricers = Readonly<Record<string, Pricer>>;
