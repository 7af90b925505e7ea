import type { Bill, Charge, PricingContext } from "./charge.ts";
import { HOURS_PER_MONTH, type ChargeCost, type GpuPoolCost } from "./cost-estimate.ts";
import type { UnpricedResource } from "./unpriced.ts";
import { rangeToCents, times, toCents } from "./cost-range.ts";
import { InputReader } from "./input-reader.ts";
import { nodePlacement } from "../services/node-placement.ts";
import { NotPriced } from "./not-priced.ts";
import { plainType } from "./plain-type.ts";
import type { PlannedResource } from "./planned-resource.ts";
import { relatedResource } from "./related-resource.ts";
import { clusterCloud, cloudOf, planRegions } from "./plan-regions.ts";
import type { PricedCloud, PriceTable } from "../prices/price-table.ts";
import { isFree } from "./free-types.ts";
import type { PricedPool } from "../services/priced-pool.ts";
import { AWS_PRICERS } from "../pricers/aws.ts";
import { AZURE_PRICERS } from "../pricers/azure.ts";
import { GCP_PRICERS } from "../pricers/gcp.ts";
import { kubernetesPricers } from "../pricers/kubernetes.ts";
import { DEFAULT_USAGE, type Usage } from "./usage.ts";

const PRICERS = { aws: AWS_PRICERS, gcp: GCP_PRICERS, azure: AZURE_PRICERS };

export interface PricedResource {
  charges: ChargeCost[];
  unpriced: UnpricedResource[];
  gpu: GpuPoolCost[];
  /** Node pools, with or without GPUs. */
  pools: PricedPool[];
  /** Assumptions, in sentences. */
  notes: string[];
  /** SKUs whose prices are approximate. */
  approximate: string[];
  /** Dates of the prices used. */
  dates: string[];
}

/** Returns a function that prices one resource of a plan. The function never throws NotPriced. */
export function resourcePricer(
  resources: readonly PlannedResource[],
  table: PriceTable,
  usage: Usage,
  today: string,
): (resource: PlannedResource) => PricedResource {
  const regionOf = planRegions(resources, usage);
  const cluster = clusterCloud(resources);
  const byType = groupBy(resources, ({ type }) => plainType(type));
  const { regions: _, ...given } = usage;
  const assumed = { ...DEFAULT_USAGE, ...given };

  return (resource) => {
    const found: PricedResource = {
      charges: [],
      unpriced: [],
      gpu: [],
      pools: [],
      notes: [],
      approximate: [],
      dates: [],
    };
    const { urn, type, name } = resource;
    const addUnpriced = (error: unknown): void => {
      if (!(error instanceof NotPriced)) throw error;
      found.unpriced.push({ urn, type, name, why: error.why, detail: error.message });
    };
    try {
      const bill = billOf(resource, cluster, {
        resource,
        usage: assumed,
        today,
        related: (wanted, property, ...paths) => {
          const inputs = new InputReader(resource.inputs);
          const references = paths.map((path) => inputs.known(path));
          const found = relatedResource(resource, byType.get(wanted) ?? [], property, references);
          return found === undefined ? undefined : new InputReader(found.inputs);
        },
      });
      found.notes.push(...(bill.notes ?? []));
      for (const { why, detail } of bill.unpriced ?? []) addUnpriced(new NotPriced(why, detail));
      const cloud = cloudOf(type) ?? cluster;
      if (cloud === undefined) return found;
      const region = regionOf(cloud, cloudOf(type) === undefined ? undefined : resource);
      const lines = bill.charges.flatMap((charge) => {
        try {
          return [priceCharge(charge, cloud, region, table, found)];
        } catch (error) {
          addUnpriced(error);
          return [];
        }
      });
      found.charges = lines.map(({ line }) => line);
      const pools = nodePools(urn, lines);
      found.gpu = pools.filter(({ count }) => count > 0);
      found.pools = pools.map(({ pool, machine, spot, hourly, count }) => ({
        ...{ name: pool, cloud, machine, spot, hourly, gpus: count },
        ...nodePlacement(resource, pool),
      }));
    } catch (error) {
      addUnpriced(error);
    }
    return found;
  };
}

function billOf(resource: PlannedResource, cluster: PricedCloud | undefined, context: PricingContext): Bill {
  const { inputs } = resource;
  const type = plainType(resource.type);
  const cloud = cloudOf(type);
  const pricers = cloud === undefined ? kubernetesPricers(cluster ?? "aws") : PRICERS[cloud];
  const price = Object.hasOwn(pricers, type) ? pricers[type] : undefined;
  if (price === undefined) {
    if (isFree(type)) return { charges: [] };
    throw new NotPriced("unknown type", "no price and not known to be free");
  }
  const bill = price(new InputReader(inputs), context);
  if (cloud === undefined && cluster === undefined && bill.charges.length > 0)
    throw new NotPriced("unknown value", "the cloud of the cluster is not in the plan");
  return bill;
}

interface PricedCharge {
  charge: Charge;
  line: ChargeCost;
  /** USD per unit of the SKU: per hour for nodes. */
  unitUsd: number;
  gpus: number;
}

function priceCharge(
  charge: Charge,
  cloud: PricedCloud,
  region: string | undefined,
  table: PriceTable,
  found: PricedResource,
): PricedCharge {
  const { what, sku, quantity, spot = false, factor = 1, pool } = charge;
  const prices = Object.hasOwn(table[cloud], sku) ? table[cloud][sku] : undefined;
  if (prices === undefined) throw new NotPriced("unknown sku", `${what}: no price of ${sku} on ${cloud}`);
  const priceRegion = region !== undefined && Object.hasOwn(prices.regions, region) ? region : "global";
  const price = Object.hasOwn(prices.regions, priceRegion) ? prices.regions[priceRegion] : undefined;
  if (price === undefined) {
    if (region === undefined) throw new NotPriced("unknown value", `${what}: the region is not known`);
    const known = Object.keys(prices.regions).sort().join(", ");
    throw new NotPriced("other region", `${what}: no price of ${sku} in ${region}, only in ${known}`);
  }
  const usd = spot ? (price.spot ?? price.onDemand) : price.onDemand;
  if (usd === undefined)
    throw new NotPriced("unknown sku", `${what}: only a spot price of ${sku} in ${priceRegion}`);
  if (spot && price.spot === undefined)
    found.notes.push(`no spot price of ${sku} in ${priceRegion} is known: the on-demand price is used`);
  if (price.approximate) found.approximate.push(sku);
  found.dates.push(price.date);
  const unitUsd = usd * factor;
  const monthly = rangeToCents(times(quantity, unitUsd * (prices.unit === "hour" ? HOURS_PER_MONTH : 1)));
  return {
    charge,
    line: { what, sku, quantity, spot, monthly },
    unitUsd,
    gpus: pool?.gpus ?? prices.gpus ?? 0,
  };
}

/** Returns the node pools of a resource, with the cost of their machines and attached GPUs. */
function nodePools(urn: string, lines: readonly PricedCharge[]): GpuPoolCost[] {
  return [
    ...groupBy(
      lines.filter(({ charge }) => charge.pool !== undefined),
      ({ charge }) => charge.pool!.name,
    ),
  ].flatMap(([pool, parts]) => {
    const { charge, gpus } = parts[0]!;
    const nodes = charge.quantity;
    const attached = parts.slice(1).reduce((sum, part) => sum + part.unitUsd * gpus, 0);
    const sum = (key: "min" | "expected" | "max"): number =>
      toCents(parts.reduce((total, { line }) => total + line.monthly[key], 0));
    return {
      urn,
      pool,
      machine: charge.sku,
      count: gpus,
      spot: charge.spot ?? false,
      hourly: Math.round((parts[0]!.unitUsd + attached) * 1e6) / 1e6,
      nodes,
      gpuHours: times(nodes, gpus * HOURS_PER_MONTH),
      monthlyAtMin: sum("min"),
      monthlyExpected: sum("expected"),
      monthlyAtMax: sum("max"),
    };
  });
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
