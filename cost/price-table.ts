import { z } from "zod";

const date = z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, "must be a month or a day, such as 2025-08");
const region = z.string().regex(/^[a-z0-9-]+$/, "must be a region such as eu-central-1, or global");
const usd = z.number().nonnegative();

/** What one unit of something costs. */
const priceSchema = z.strictObject({
  /** What the cloud calls it, such as `m7i.large`; ours where it has no name. */
  sku: z.string().min(1),
  unit: z.enum(["hour", "month", "GiB-month", "GiB", "million"]),
  /** USD per unit on demand, by region; `global` where all regions cost the same. */
  usd: z.record(region, usd),
  /** USD per unit of spare capacity that the cloud may take back: it changes from day to day. */
  spot: z.record(region, usd).optional(),
  /** GPUs, Neuron devices or TPU chips of a machine. */
  gpus: z.int().positive().optional(),
  /** Where the price is published. */
  source: z.url({ protocol: /^https$/ }),
  /** When it was read, or last known. */
  date,
  /** Known from memory or an older page: check it before a decision hangs on it. @default false */
  approximate: z.boolean().optional(),
});
export type Price = z.infer<typeof priceSchema>;

export const PRICED_CLOUDS = ["aws", "gcp", "azure"] as const;
export type PricedCloud = (typeof PRICED_CLOUDS)[number];

export const pricesSchema = z.strictObject({ prices: z.array(priceSchema) });

/** Prices of each cloud by sku. */
export type PriceTable = Record<PricedCloud, Readonly<Record<string, Price>>>;
