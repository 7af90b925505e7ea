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

/** Returns the cloud of a resource type; undefined for other types. */
export function cloudOf(type: string): PricedCloud | undefined {
  return PRICED_CLOUDS.find((cloud) => type.startsWith(PREFIX[cloud]));
}

const CLUSTERS: Record<PricedCloud, string> = {
  aws: "aws:eks/cluster:Cluster",
  gcp: "gcp:container/cluster:Cluster",
  azure: "azure-native:containerservice:ManagedCluster",
};
/** Drivers that create the volumes of pods. */
const VOLUME_DRIVERS: Record<PricedCloud, string> = {
  aws: "ebs.csi.aws.com",
  gcp: "pd.csi.storage.gke.io",
  azure: "disk.csi.azure.com",
};

/**
 * Returns the cloud of the plan's clusters; undefined if there is none, or more than one. The plan of a platform has no cluster, but a
 * storage class of the cluster of its foundation.
 */
export function clusterCloud(resources: readonly PlannedResource[]): PricedCloud | undefined {
  const clouds = PRICED_CLOUDS.filter((cloud) =>
    resources.some(
      ({ type, inputs }) =>
        plainType(type) === CLUSTERS[cloud] ||
        (type === "kubernetes:storage.k8s.io/v1:StorageClass" &&
          inputs["provisioner"] === VOLUME_DRIVERS[cloud]),
    ),
  );
  return clouds.length === 1 ? clouds[0] : undefined;
}

/**
 * Returns a function that finds the region of a resource. It takes the first that is known: the region in the inputs, the region
 * of the provider, the region of the cloud in the usage, the only region of the cloud in the plan.
 */
export function planRegions(resources: readonly PlannedResource[], usage: Usage) {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const onlyRegion = (cloud: PricedCloud): string | undefined => {
    const found = new Set(
      resources.flatMap((resource) => {
        const isOfCloud = resource.type === PROVIDERS[cloud] || cloudOf(resource.type) === cloud;
        const region = isOfCloud ? explicitRegion(cloud, resource.inputs) : undefined;
        return region === undefined || region === "global" ? [] : [region];
      }),
    );
    return found.size === 1 ? [...found][0] : undefined;
  };
  const fallback: Partial<Record<PricedCloud, string | undefined>> = {};
  for (const cloud of PRICED_CLOUDS) fallback[cloud] = usage.regions?.[cloud] ?? onlyRegion(cloud);

  return (cloud: PricedCloud, resource: PlannedResource | undefined): string | undefined => {
    const own = resource === undefined ? undefined : explicitRegion(cloud, resource.inputs);
    if (own !== undefined && own !== "global") return own;
    const reference = resource?.provider ?? "";
    const provider = byUrn.get(reference) ?? byUrn.get(reference.replace(/::[^:]*$/, ""));
    const providerRegion =
      provider?.type === PROVIDERS[cloud] ? explicitRegion(cloud, provider.inputs) : undefined;
    return providerRegion ?? fallback[cloud];
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
