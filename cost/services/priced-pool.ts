import type { NodePlacement } from "./node-placement.ts";
import type { PricedCloud } from "../prices/price-table.ts";

/** A pool of nodes whose price is known. */
export interface PricedPool extends NodePlacement {
  name: string;
  cloud: PricedCloud;
  machine: string;
  spot: boolean;
  /** USD per hour of one node with its attached GPUs, without its disk. */
  hourly: number;
  /** GPUs of one node. */
  gpus: number;
}
