import { plainType } from "./plain-type.ts";
import type { PlannedResource } from "./planned-resource.ts";
import { isUnknownValue } from "./unknown-value.ts";
import { PRICED_CLOUDS, type PricedCloud } from "../prices/price-table.ts";
import type { Usage } from "./usage.ts";

const PREFIX: Record<PricedCloud, string> = { aws: "aws:", gcp: "gcp:", azure: "azure-native:" };
const PROVIDERS: Record<PricedCloud, string> = {
  aws: "pulumi:providers:aws",
  gcp: "pulumi:providers:gcp",
  azure: "pulumi:providers:azure-native",
};

/** The cloud whose provider makes resources of a type. */
export function cloudOf(type: string): PricedCloud | undefined {
  return PRICED_CLOUDS.find((cloud) => type.startsWith(PREFIX[cloud]));
}

/** The cloud of the plan's clusters; undefined where there is none, or more than one. */
export function clusterCloud(resources: readonly PlannedResource[]): PricedCloud | undefined {
  const clusters: Record<PricedCloud, string> = {
    aws: "aws:eks/cluster:Cluster",
    gcp: "gcp:container/cluster:Cluster",
    azure: "azure-native:containerservice:ManagedCluster",
  };
  const clouds = PRICED_CLOUDS.filter((cloud) =>
    resources.some(({ type }) => plainType(type) === clusters[cloud]),
  );
  return clouds.length === 1 ? clouds[0] : undefined;
}

/**
 * Where resources are: as their inputs say, else their provider's, else the only region that the plan has for the
 * cloud, else the usage's.
 */
export function planRegions(resources: readonly PlannedResource[], usage: Usage) {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const only = (cloud: PricedCloud): string | undefined => {
    const found = new Set(
      resources.flatMap((resource) => {
        const ours = resource.type === PROVIDERS[cloud] || cloudOf(resource.type) === cloud;
        const region = ours ? explicitRegion(cloud, resource.inputs) : undefined;
        return region === undefined || region === "global" ? [] : [region];
      }),
    );
    return found.size === 1 ? [...found][0] : undefined;
  };
  const fallback: Partial<Record<PricedCloud, string | undefined>> = {};
  for (const cloud of PRICED_CLOUDS) fallback[cloud] = usage.regions?.[cloud] ?? only(cloud);

  return (cloud: PricedCloud, resource: PlannedResource | undefined): string | undefined => {
    const own = resource === undefined ? undefined : explicitRegion(cloud, resource.inputs);
    if (own !== undefined && own !== "global") return own;
    const reference = resource?.provider ?? "";
    const provider = byUrn.get(reference) ?? byUrn.get(reference.replace(/::[^:]*$/, ""));
    const its = provider?.type === PROVIDERS[cloud] ? explicitRegion(cloud, provider.inputs) : undefined;
    return its ?? fallback[cloud];
  };
}

function explicitRegion(cloud: PricedCloud, inputs: unknown): string | undefined {
  if (typeof inputs !== "object" || inputs === null) return undefined;
  const { region, location, zone } = inputs as Record<string, unknown>;
  const named = (cloud === "azure" ? [location] : cloud === "aws" ? [region] : [region, location, zone]).find(
    (value) => typeof value === "string" && value !== "" && !isUnknownValue(value) && value !== "[secret]",
  ) as string | undefined;
  if (named === undefined) return undefined;
  const plain = named.toLowerCase().replaceAll(" ", "");
  return cloud === "gcp" ? plain.replace(/^([a-z]+-[a-z]+\d+)-[a-z]$/, "$1") : plain;
}
