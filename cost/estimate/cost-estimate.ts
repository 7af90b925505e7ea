import type { UnpricedResource } from "./unpriced.ts";
import type { CostRange } from "./cost-range.ts";

/** Hours of an average month: 365 days × 24 h / 12, as in the calculators of all clouds. */
export const HOURS_PER_MONTH = 730;

/** One line of a bill. */
export interface ChargeCost {
  /** Label, such as `nodes` or `disk`. */
  what: string;
  sku: string;
  /** Instances that run at the same time, or units per month. */
  quantity: CostRange;
  spot: boolean;
  /** USD per month. */
  monthly: CostRange;
}

export interface ResourceCost {
  urn: string;
  type: string;
  name: string;
  /** URN of the nearest `slipway:*` component above it. */
  component?: string;
  monthly: CostRange;
  charges: ChargeCost[];
}

export interface ComponentCost {
  /** URN; `""` for resources outside of all Slipway components. */
  urn: string;
  type: string;
  name: string;
  monthly: CostRange;
}

/** A pool of nodes with accelerators. The totals include its cost. */
export interface GpuPoolCost {
  urn: string;
  pool: string;
  machine: string;
  /** GPUs, Neuron devices or TPU chips per node. */
  count: number;
  spot: boolean;
  /** USD per hour of one node. */
  hourly: number;
  /** Minimum, expected and maximum number of nodes. */
  nodes: CostRange;
  /** GPU hours per month. */
  gpuHours: CostRange;
  monthlyAtMin: number;
  monthlyExpected: number;
  monthlyAtMax: number;
}

/** The cost of one thousand inferences, from one measurement of the throughput. */
export interface InferenceCost {
  rowsPerRequest: number;
  requestsPerSecond: number;
  /** USD per thousand inferences, at this load for the whole hour. */
  usdPerThousand: number;
  /** Whether the measured version is the served version. */
  sameDigest: boolean;
  digest: string;
  /** CPU cores of one pod: the larger of its request and its measured use. */
  cores: number;
  machine: string;
  date: string;
  source: string;
}

/** The cost of one service per hour, and per thousand inferences if its throughput was measured. */
export interface ServiceCost {
  urn: string;
  /** `ENVIRONMENT/NAME`. */
  service: string;
  /** `WORKLOAD/MODEL`. */
  model: string;
  replicas: number;
  /** The cheapest pool for its pods. */
  pool?: { name: string; machine: string; spot: boolean };
  /** USD per hour of the share of nodes that all its pods request. */
  hourlyUsd?: number;
  /** One entry for each measurement of its model. */
  inferences: InferenceCost[];
  /** Reason for a missing value. */
  unknown?: string;
}

/** The monthly cost of a stack. It can be written as JSON directly. All lists have a fixed order. */
export interface CostEstimate {
  currency: "USD";
  hoursPerMonth: number;
  /** USD, in whole cents; the sum over `byResource`. */
  monthly: CostRange;
  /** The most expensive first, then by URN. */
  byComponent: ComponentCost[];
  /** Resources with a cost, by URN. */
  byResource: ResourceCost[];
  gpu: GpuPoolCost[];
  /** Services that serve a model, by URN. The totals include their cost as part of the nodes. */
  services: ServiceCost[];
  unpriced: UnpricedResource[];
  /** Assumptions of the expected values, in sentences. */
  assumptions: string[];
  /** The oldest date of the prices used, such as `2025-08`; absent if no price was used. */
  pricesAsOf?: string;
}
