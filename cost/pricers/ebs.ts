import type { Charge } from "../estimate/charge.ts";
import { times, type CostRange } from "../estimate/cost-range.ts";
import { NotPriced } from "../estimate/not-priced.ts";

export interface EbsVolume {
  type: string;
  sizeGib: number;
  /** @default - the type's baseline */
  iops?: number | undefined;
  /** MiB per second. @default - the type's baseline */
  throughput?: number | undefined;
}

/** IOPS and MiB per second that the price of gp3 includes. */
const GP3_IOPS = 3000;
const GP3_THROUGHPUT = 125;

/** Price tiers of io2 by IOPS. */
const IO2_TIERS: readonly [from: number, to: number, sku: string][] = [
  [0, 32_000, "io2-iops"],
  [32_000, 64_000, "io2-iops-over-32000"],
  [64_000, Infinity, "io2-iops-over-64000"],
];

/** Returns the charges of EBS volumes: their size, and additional IOPS and throughput. */
export function ebsCharges(what: string, volumes: readonly EbsVolume[], count: CostRange): Charge[] {
  const quantities = new Map<string, Charge>();
  const charge = (label: string, sku: string, quantity: number): void => {
    if (quantity <= 0) return;
    const before = quantities.get(sku)?.quantity ?? times(count, 0);
    const more = times(count, quantity);
    const sum = {
      min: before.min + more.min,
      expected: before.expected + more.expected,
      max: before.max + more.max,
    };
    quantities.set(sku, { what: label, sku, quantity: sum });
  };
  for (const { type, sizeGib, iops, throughput } of volumes) {
    charge(what, type, sizeGib);
    if (type === "gp3") {
      charge(`IOPS of ${what}`, "gp3-iops", (iops ?? 0) - GP3_IOPS);
      charge(`throughput of ${what}`, "gp3-throughput", (throughput ?? 0) - GP3_THROUGHPUT);
    }
    if (type === "io1" || type === "io2") {
      if (iops === undefined) throw new NotPriced("unknown value", `iops of ${what} is not set`);
      const tiers = type === "io1" ? ([[0, Infinity, "io1-iops"]] as const) : IO2_TIERS;
      for (const [from, to, sku] of tiers) charge(`IOPS of ${what}`, sku, Math.min(iops, to) - from);
    }
  }
  return [...quantities.values()];
}
