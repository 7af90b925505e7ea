import {
  HOURS_PER_MONTH,
  type ComponentCost,
  type CostEstimate,
  type ResourceCost,
} from "./cost-estimate.ts";
import { add, rangeToCents, ZERO, type CostRange } from "./cost-range.ts";
import type { PlannedResource } from "./planned-resource.ts";
import { resourcePricer } from "./price-resource.ts";
import type { PriceTable } from "../prices/price-table.ts";
import { serviceCosts } from "../services/service-cost.ts";
import type { Measurement } from "../services/throughput.ts";
import { DEFAULT_USAGE, type Usage } from "./usage.ts";

export interface EstimateOptions {
  prices: PriceTable;
  /** Assumptions about the use. @default - DEFAULT_USAGE */
  usage?: Usage;
  /** Measured throughput of model servers. @default - nothing was measured */
  throughput?: readonly Measurement[];
  /** Day for the check whether Kubernetes and database versions are supported, such as `2026-11-23`. @default - today */
  today?: string;
}

/**
 * Estimates the cost of resources per month of 730 hours. Never throws because of their inputs: resources that it cannot price
 * are in `unpriced`. Each charge is rounded to cents, and all sums are sums of rounded charges, so that the parts add up.
 */
export function estimateCost(resources: readonly PlannedResource[], options: EstimateOptions): CostEstimate {
  const { prices, usage = {}, throughput = [], today = new Date().toISOString().slice(0, 10) } = options;
  const price = resourcePricer(resources, prices, usage, today);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const priced = [...resources]
    .sort((a, b) => compare(a.urn, b.urn))
    .map((resource) => ({ resource, ...price(resource) }));

  const byResource: ResourceCost[] = priced.flatMap(({ resource: { urn, type, name, parent }, charges }) => {
    if (charges.length === 0) return [];
    const component = componentOf(parent, byUrn);
    const monthly = sum(charges.map((charge) => charge.monthly));
    return [{ urn, type, name, ...(component === undefined ? {} : { component }), monthly, charges }];
  });
  const dates = priced.flatMap((found) => found.dates).sort(compare);
  return {
    currency: "USD",
    hoursPerMonth: HOURS_PER_MONTH,
    monthly: sum(byResource.map(({ monthly }) => monthly)),
    byComponent: byComponent(byResource, byUrn),
    byResource,
    gpu: priced.flatMap((found) => found.gpu),
    services: serviceCosts(
      priced.map(({ resource }) => resource),
      priced.flatMap(({ pools }) => pools),
      throughput,
    ),
    unpriced: priced.flatMap((found) => found.unpriced),
    assumptions: [
      ...assumptionsOf(usage),
      ...unique(priced.flatMap(({ notes }) => notes)),
      ...approximate(unique(priced.flatMap((found) => found.approximate))),
    ],
    ...(dates[0] === undefined ? {} : { pricesAsOf: dates[0] }),
  };
}

/** Adds amounts and rounds to whole cents, which removes the rounding errors of doubles. */
function sum(ranges: readonly CostRange[]): CostRange {
  return rangeToCents(ranges.reduce(add, ZERO));
}

/** URN of the nearest Slipway component above. */
function componentOf(
  parent: string | undefined,
  byUrn: ReadonlyMap<string, PlannedResource>,
): string | undefined {
  const seen = new Set<string>();
  let urn = parent;
  while (urn !== undefined && !seen.has(urn)) {
    if (typeOf(urn, byUrn).startsWith("slipway:")) return urn;
    seen.add(urn);
    urn = byUrn.get(urn)?.parent;
  }
  return undefined;
}

/** Type of a resource, also if the plan has only its URN. */
function typeOf(urn: string, byUrn: ReadonlyMap<string, PlannedResource>): string {
  return byUrn.get(urn)?.type ?? (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

function byComponent(
  resources: readonly ResourceCost[],
  byUrn: ReadonlyMap<string, PlannedResource>,
): ComponentCost[] {
  const ranges = new Map<string, CostRange[]>();
  for (const { component = "", monthly } of resources)
    ranges.set(component, [...(ranges.get(component) ?? []), monthly]);
  return [...ranges]
    .map(([urn, found]) => ({
      urn,
      type: urn === "" ? "" : typeOf(urn, byUrn),
      name: urn === "" ? "(no component)" : (byUrn.get(urn)?.name ?? urn.split("::").slice(3).join("::")),
      monthly: sum(found),
    }))
    .sort(
      (a, b) =>
        b.monthly.expected - a.monthly.expected || b.monthly.max - a.monthly.max || compare(a.urn, b.urn),
    );
}

function assumptionsOf(usage: Usage): string[] {
  const { objectStorageGib, registryGib, repositoryGib, natGib, ...others } = { ...DEFAULT_USAGE, ...usage };
  const { loadBalancerGib, endpointGib, metricSamplesMillion, extendedSupport, ...logs } = others;
  return [
    `a month has ${HOURS_PER_MONTH} hours, at prices on demand without discounts, free tiers, taxes or support`,
    "the expected number of nodes is the initial size of a pool, or its minimum",
    `${objectStorageGib} GiB in each bucket, ${registryGib} GiB in each registry, ${repositoryGib} GiB in each repository of one image`,
    `${logs.logGib} GiB written to each log per month, ${logs.auditLogGib} GiB to that of a control plane with its audit records, ${logs.flowLogGib} GiB of flow logs, ${metricSamplesMillion} million samples of each cluster to a managed Prometheus`,
    `${natGib} GiB per month through each NAT gateway, ${loadBalancerGib} GiB through each load balancer, ${endpointGib} GiB through each private endpoint`,
    "traffic between zones and to the internet has no price here: on AWS and Google Cloud about 0.01 and 0.09 USD per GiB",
    "keys have the versions of their first year, and no operations",
    ...(extendedSupport ? ["clusters are past their standard support"] : []),
  ];
}

function approximate(skus: readonly string[]): string[] {
  return skus.length === 0 ? [] : [`prices known approximately: ${skus.join(", ")}`];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(compare);
}

/** Compares by code units, which gives the same order in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
