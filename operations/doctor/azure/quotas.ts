import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import { enough, type Finding } from "../finding.ts";
import type { ProvisionedDemand } from "../provisioned-demand.ts";
import type { AzureNodeDemand } from "./node-demand.ts";

/** Azure writes numbers as text. */
const number = z.union([z.number(), z.string()]).transform(Number);
const usageSchema = z.array(
  z.looseObject({
    name: z.looseObject({ value: z.string(), localizedValue: z.string() }),
    currentValue: number,
    limit: number,
  }),
);
const skusSchema = z.array(
  z.looseObject({
    name: z.string(),
    family: z.string(),
    capabilities: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]),
    locationInfo: z.array(z.looseObject({ zones: z.array(z.string()).nullish() })).default([]),
    restrictions: z
      .array(
        z.looseObject({
          type: z.string(),
          reasonCode: z.string().nullish(),
          restrictionInfo: z.looseObject({ zones: z.array(z.string()).nullish() }).nullish(),
        }),
      )
      .default([]),
  }),
);
type Sku = z.infer<typeof skusSchema>[number];

/** Compares machines, their zones and their vCPUs with what the subscription may have in the location. */
export async function azureQuotas(
  cli: CloudCli,
  location: string,
  demands: readonly AzureNodeDemand[],
  provisioned: readonly ProvisionedDemand[] = [],
): Promise<Finding[]> {
  const skus = await ask(
    cli,
    ["vm", "list-skus", "--location", location, "--resource-type", "virtualMachines", "--all"],
    skusSchema,
  );
  if (skus.value === undefined)
    return [unknown("machines", skus.reason, "the right Microsoft.Compute/skus/read")];
  const found = new Map(skus.value.map((sku) => [sku.name, sku]));
  const usage = await ask(cli, ["vm", "list-usage", "--location", location], usageSchema);
  const machines = demands.map((demand) => machineFinding(demand, found.get(demand.machine), location));
  if (usage.value === undefined)
    return [...machines, unknown("vCPUs", usage.reason, "the right to read usages")];
  return [...machines, ...vcpus({ demands, provisioned }, found, usage.value, location)];
}

function machineFinding(
  { pool, machine, gpuPool, zones = [] }: AzureNodeDemand,
  sku: Sku | undefined,
  location: string,
): Finding {
  const subject = `machine ${machine} for ${pool}`;
  const needed = zones.length === 0 ? `in ${location}` : `in zones ${zones.join(", ")} of ${location}`;
  if (sku === undefined)
    return {
      subject,
      state: "wrong",
      found: `not in ${location}`,
      needed,
      fix: "choose another machine, or another cluster.region",
    };
  const closed = sku.restrictions.find(({ type }) => type === "Location");
  if (closed !== undefined)
    return {
      subject,
      state: "wrong",
      found: `closed to this subscription (${closed.reasonCode ?? "no reason given"})`,
      needed,
      fix: "ask Azure's support to open it, or choose another machine",
    };
  const shut = closedZones(sku);
  const has = (sku.locationInfo[0]?.zones ?? []).filter((zone) => !shut.includes(zone)).toSorted();
  const text = [
    has.length === 0 ? "there, in no zone" : `in zones ${has.join(", ")}`,
    ...(shut.length === 0 ? [] : [`closed to this subscription in ${shut.join(", ")}`]),
  ].join("; ");
  if (zones.every((zone) => has.includes(zone))) return { subject, state: "ok", found: text, needed };
  const usable = zones.filter((zone) => has.includes(zone));
  // A machine without zones runs in a pool without zones. The other pools of the cluster keep theirs.
  const canHaveNone = gpuPool !== undefined && shut.length === 0;
  const fix = [
    ...(has.length > 0 || canHaveNone ? [zonesFix(gpuPool, usable.length === 0 ? has : usable)] : []),
    "choose another machine",
    ...(shut.length === 0 ? [] : ["ask Azure's support to open the zones"]),
  ].join(", or ");
  return { subject, state: "wrong", found: text, needed, fix };
}

/** Zones of the location that have the machine, and where this subscription may not use it. */
function closedZones({ restrictions }: Sku): string[] {
  const zones = restrictions
    .filter(({ type }) => type === "Zone")
    .flatMap(({ restrictionInfo }) => restrictionInfo?.zones ?? []);
  return [...new Set(zones)].sort();
}

/** GPU pools have zones of their own; all others have those of the cluster. */
function zonesFix(gpuPool: string | undefined, zones: readonly string[]): string {
  const key = gpuPool === undefined ? "cluster.zones" : `cluster.gpuPools.${gpuPool}.zones`;
  return `${key}: ${JSON.stringify(zones)}`;
}

function vcpus(
  {
    demands,
    provisioned,
  }: { demands: readonly AzureNodeDemand[]; provisioned: readonly ProvisionedDemand[] },
  skus: ReadonlyMap<string, Sku>,
  usage: z.infer<typeof usageSchema>,
  location: string,
): Finding[] {
  const sums = new Map<string, { needed: number; later: number }>();
  const add = (names: readonly string[], first: number, most: number): void => {
    for (const name of names) {
      const { needed, later } = sums.get(name) ?? { needed: 0, later: 0 };
      sums.set(name, { needed: needed + first, later: later + most });
    }
  };
  for (const { machine, spot, min, max } of demands) {
    const sku = skus.get(machine);
    const cores = Number(sku?.capabilities.find(({ name }) => name === "vCPUs")?.value ?? 0);
    add(quotaNames(spot, sku), cores * min, cores * max);
  }
  // AKS chooses the family of a general machine when it creates the node: only the sum of all families can be judged.
  for (const { vcpus: most, machine, spot } of provisioned)
    add(quotaNames(spot, machine === undefined ? undefined : skus.get(machine)), 0, most);
  return [...sums].map(([name, { needed, later }]): Finding => {
    const quota = usage.find((each) => each.name.value.toLowerCase() === name.toLowerCase());
    if (quota === undefined) return unknown(`vCPUs: ${name}`, "Azure lists no such quota", String(needed));
    const { limit, currentValue } = quota;
    return enough(
      `vCPUs: ${quota.name.localizedValue}`,
      { limit, inUse: currentValue, needed, later },
      `ask for more ${quota.name.localizedValue} in ${location}: portal.azure.com, Quotas, Compute`,
    );
  });
}

/** Spot machines of all families share one quota; the others count in that of their family and in that of all. */
function quotaNames(spot: boolean, sku: Sku | undefined): string[] {
  if (spot) return ["lowPriorityCores"];
  return sku === undefined ? ["cores"] : [sku.family, "cores"];
}
