import { z } from "zod";

export const PRICED_CLOUDS = ["aws", "gcp", "azure"] as const;
export type PricedCloud = (typeof PRICED_CLOUDS)[number];

/** Units of a price: per instance and hour, per instance and month, per GiB stored for a month, per GiB transferred or written. */
export const PRICE_UNITS = ["hour", "month", "GiB-month", "GiB", "million"] as const;
export type PriceUnit = (typeof PRICE_UNITS)[number];

const regions = z.record(
  z.string().regex(/^[a-z0-9-]+$/, "must be a region such as eu-central-1, or global"),
  z.number().nonnegative(),
);
const price = {
  /** Name in the cloud, such as `m7i.large`; a name of our own if the cloud has none, such as `nat-gateway`. */
  sku: z.string().min(1),
  unit: z.enum(PRICE_UNITS),
  /** On-demand USD per unit, by region; `global` if it is the same in all regions. */
  usd: regions,
  /** Spot USD per unit, by region; it changes daily. */
  spot: regions.optional(),
  /** Number of GPUs, Neuron devices or TPU chips of a machine. */
  gpus: z.int().positive().optional(),
};
const origin = {
  url: z.url({ protocol: /^https$/ }),
  /** Month or day on which the price was read, or last known. */
  date: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, "must be a month or a day, such as 2025-08"),
  /** Whether the price is approximate, from memory or an older page. Check it before you decide with it. @default false */
  approximate: z.boolean().optional(),
};

/** Schema of `cost/prices/CLOUD.json`: each price names one of the sources. */
export const priceFileSchema = z
  .strictObject({
    sources: z.record(z.string().min(1), z.strictObject({ ...origin, note: z.string().optional() })),
    prices: z.array(z.strictObject({ ...price, source: z.string() })),
  })
  .superRefine(({ sources, prices }, context) => {
    const seen = new Set<string>();
    prices.forEach(({ sku, source, usd, spot = {} }, index) => {
      const issue = (key: string, message: string): void =>
        context.addIssue({ code: "custom", path: ["prices", index, key], message });
      if (!(source in sources)) issue("source", `must be one of the file's sources, got ${source}`);
      for (const region of new Set([...Object.keys(usd), ...Object.keys(spot)])) {
        if (seen.has(`${sku} ${region}`))
          issue("sku", `must be priced once per region, got ${sku} in ${region} twice`);
        seen.add(`${sku} ${region}`);
      }
    });
  });
export type PriceFile = z.infer<typeof priceFileSchema>;

const overridePrice = z.strictObject({
  ...price,
  unit: price.unit.optional(),
  usd: regions.optional(),
  source: origin.url.optional(),
  date: origin.date,
});

/** Schema of your own prices, such as those of a contract. `unit` is required only for SKUs that the table does not have. */
export const priceOverrideSchema = z.strictObject(
  Object.fromEntries(PRICED_CLOUDS.map((cloud) => [cloud, z.array(overridePrice).optional()])) as Record<
    PricedCloud,
    z.ZodOptional<z.ZodArray<typeof overridePrice>>
  >,
);
export type PriceOverride = z.infer<typeof priceOverrideSchema>;

/** The price of a SKU in one region. */
export interface RegionPrice {
  /** USD per unit; absent if only the spot price is known. */
  onDemand?: number;
  spot?: number;
  source: string;
  date: string;
  approximate: boolean;
}

export interface SkuPrices {
  unit: PriceUnit;
  /** GPUs, Neuron devices or TPU chips of a machine. @default - it has none */
  gpus?: number;
  regions: Readonly<Record<string, RegionPrice>>;
}

/** Prices by cloud and SKU. */
export type PriceTable = Record<PricedCloud, Readonly<Record<string, SkuPrices>>>;

/** Converts the prices of a file to a table by SKU and region. */
export function toSkuPrices({ sources, prices }: PriceFile): Record<string, SkuPrices> {
  const table: Record<string, SkuPrices> = {};
  for (const { sku, unit, usd, spot = {}, gpus, source } of prices) {
    const from = sources[source];
    if (from === undefined) continue; // the schema refuses it
    const { url, date, approximate = false } = from;
    const before = Object.hasOwn(table, sku) ? table[sku]!.regions : {};
    const found = regionPrices(usd, spot, { source: url, date, approximate });
    table[sku] = { unit, ...(gpus === undefined ? {} : { gpus }), regions: { ...before, ...found } };
  }
  return table;
}

/** Returns the table with your own prices, which replace it region by region. Throws if an override does not fit. */
export function overridePrices(table: PriceTable, override: PriceOverride, owner: string): PriceTable {
  const merged: PriceTable = { ...table };
  for (const cloud of PRICED_CLOUDS) {
    const skus: Record<string, SkuPrices> = { ...table[cloud] };
    for (const [index, entry] of (override[cloud] ?? []).entries()) {
      const { sku, usd = {}, spot = {}, source = owner, date } = entry;
      const where = `${owner}: ${cloud}[${index}]`;
      const known = Object.hasOwn(skus, sku) ? skus[sku] : undefined;
      const unit = entry.unit ?? known?.unit;
      if (unit === undefined)
        throw new Error(
          `${where}.unit must be set for ${sku}, which the table does not have; use one of ${PRICE_UNITS.join(", ")}`,
        );
      if (known !== undefined && known.unit !== unit)
        throw new Error(`${where}.unit must be ${known.unit}, as ${sku} is priced in the table, got ${unit}`);
      const gpus = entry.gpus ?? known?.gpus;
      const own = regionPrices(usd, spot, { source, date, approximate: false });
      const regions: Record<string, RegionPrice> = { ...known?.regions };
      for (const [region, value] of Object.entries(own)) regions[region] = { ...regions[region], ...value };
      skus[sku] = { unit, ...(gpus === undefined ? {} : { gpus }), regions };
    }
    merged[cloud] = skus;
  }
  return merged;
}

function regionPrices(
  usd: Record<string, number>,
  spot: Record<string, number>,
  from: Pick<RegionPrice, "source" | "date" | "approximate">,
): Record<string, RegionPrice> {
  return Object.fromEntries(
    [...new Set([...Object.keys(usd), ...Object.keys(spot)])].map((region) => {
      const [onDemand, spare] = [usd[region], spot[region]];
      return [
        region,
        {
          ...(onDemand === undefined ? {} : { onDemand }),
          ...(spare === undefined ? {} : { spot: spare }),
          ...from,
        },
      ];
    }),
  );
}
