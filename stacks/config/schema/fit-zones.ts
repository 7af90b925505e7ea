import { REGIONS_WITH_FEW_ZONES } from "../../../components/aws/zones.ts";
import { gkeGpuZonesFault } from "../../../components/gcp/cluster/gke-gpu-zones.ts";
import { GCP_REGIONS } from "../../../components/gcp/regions.ts";
import { gpuTypesOf } from "../../../components/platform/gpu/gpu-machines.ts";
import { nearestName } from "../../../runtime/contract/issues/nearest-name.ts";
import type { ClusterConfig, EksConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";

/** Whether a cluster on EKS names its zones, or its region has three of them, which it takes by default. */
export function hasEksZones({ zones, region }: Pick<EksConfig, "zones" | "region">): boolean {
  return zones !== undefined || !REGIONS_WITH_FEW_ZONES.includes(region);
}

/** Refuses zones outside of the region of the cluster, regions with too few of them, and GPU pools on GKE in regions where no zone is known to have the GPU. */
export function fitZones(cluster: ClusterConfig, refuse: Refuse): void {
  if (cluster.kind === "eks" && !hasEksZones(cluster))
    refuse(
      ["cluster", "region"],
      "must have three availability zones if cluster.zones is not set",
      "use us-west-2, or name the zones that your account has in cluster.zones",
    );
  if (cluster.kind !== "gke") return; // `fitFoundation` checks the zones that the config of EKS names
  // A typing error in the region would otherwise be a fault of zones that are right.
  const near = GCP_REGIONS.includes(cluster.region) ? undefined : nearestName(cluster.region, GCP_REGIONS);
  const fix = near === undefined ? undefined : `did you mean ${near} in cluster.region?`;
  checkZones(["cluster", "zones"], cluster.zones, `${cluster.region}-`, refuse, fix);
  for (const [name, { type, zones }] of Object.entries(cluster.gpuPools)) {
    const path = ["cluster", "gpuPools", name, "zones"];
    checkZones(path, zones, `${cluster.region}-`, refuse, fix);
    const fault = zones === undefined ? gkeGpuZonesFault(type, cluster.region) : undefined;
    if (fault !== undefined && gpuTypesOf("gcp").includes(type))
      refuse(path, fault, fix ?? "name zones that have it, or choose another region or GPU");
  }
}

/** @param prefix - text before the letter of a zone, such as `europe-west4-` */
function checkZones(
  path: string[],
  zones: readonly string[] | undefined,
  prefix: string,
  refuse: Refuse,
  fix?: string,
): void {
  if (zones === undefined) return;
  if (new Set(zones).size < zones.length || zones.some((zone) => zone.slice(0, -1) !== prefix))
    refuse(path, `must be different zones of ${prefix.replace(/-$/, "")}`, fix);
}
