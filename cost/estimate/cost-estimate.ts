import type { UnpricedResource } from "./unpriced.ts";
import type { CostRange } from "./cost-range.ts";

/** Hours of an average month: 365 days × 24 h / 12. All clouds' calculators use it. */
export const HOURS_PER_MONTH = 730;

/** One line of a bill. */
export interface ChargeCost {
  /** Such as `nodes`, `disk`. */
  what: string;
  sku: string;
  /** How many run, or units per month. */
  quantity: CostRange;
  spot: boolean;
  /** USD per month. */
  monthly: CostRange;
}

export interface ResourceCost {
  urn: string;
  type: string;
  name: string;
  /** URN of the nearest `slipway:*` component around it. */
  component?: string;
  monthly: CostRange;
  charges: ChargeCost[];
}

export interface ComponentCost {
  /** URN; `""` for what no component of ours is around. */
  urn: string;
  type: string;
  name: string;
  monthly: CostRange;
}

/** A pool of nodes with accelerators. Its cost is in the totals too. */
export interface GpuPoolCost {
  urn: string;
  pool: string;
  machine: string;
  /** GPUs, Neuron devices or TPU chips per node. */
  count: number;
  spot: boolean;
  /** USD per hour of one node. */
  hourly: number;
  /** Nodes at the least, as expected, at the most. */
  nodes: CostRange;
  /** GPU hours per month. */
  gpuHours: CostRange;
  monthlyAtMin: number;
  monthlyExpected: number;
  monthlyAtMax: number;
}

/** What one thousand inferences cost where a measurement says how many a server answers. */
export interface InferenceCost {
  rowsPerRequest: number;
  requestsPerSecond: number;
  /** USD of a thousand inferences at that load, all hour long. */
  usdPerThousand: number;
  /** Whether it was measured of the very version that is served. */
  sameDigest: boolean;
  digest: string;
  /** Of one pod: the larger of what it asks for and what it was seen to use. */
  cores: number;
  machine: string;
  date: string;
  source: string;
}

/** What one service costs per hour, and per thousand inferences where its throughput was measured. */
export interface ServiceCost {
  urn: string;
  /** `ENVIRONMENT/NAME`. */
  service: string;
  /** `WORKLOAD/MODEL`. */
  model: string;
  replicas: number;
  /** Where its pods run the cheapest. */
  pool?: { name: string; machine: string; spot: boolean };
  /** USD per hour of the share of nodes that all its pods ask for. */
  hourlyUsd?: number;
  /** One for each measurement of its model; none where there is none. */
  inferences: InferenceCost[];
  /** Why something is not known. */
  unknown?: string;
}

/** What a stack costs per month; the object is JSON as it is. All lists are in a fixed order. */
export interface CostEstimate {
  currency: "USD";
  hoursPerMonth: number;
  /** USD, in whole cents; the sum over `byResource`. */
  monthly: CostRange;
  /** Dearest first, then by URN. */
  byComponent: ComponentCost[];
  /** By URN; only those that cost something. */
  byResource: ResourceCost[];
  gpu: GpuPoolCost[];
  /** What serves a model, by URN. Its cost is in the totals too, as that of nodes. */
  services: ServiceCost[];
  unpriced: UnpricedResource[];
  /** What the expected values rest on, in sentences. */
  assumptions: string[];
  /** The oldest date among the prices used, such as `2025-08`; absent where none was used. */
  pricesAsOf?: string;
}
