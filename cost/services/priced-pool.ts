import type { NodePlacement } from "./node-placement.ts";
import type { PricedCloud } from "../prices/price-table.ts";

/** A node pool with a known price. */
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
