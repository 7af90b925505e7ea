import { gkeGpuZonesFault } from "../../../components/gcp/cluster/gke-gpu-zones.ts";
import { gpuTypesOf } from "../../../components/platform/gpu/gpu-machines.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";

/** Refuses zones outside of the region of the cluster, and GPU pools on GKE in regions where no zone is known to have the GPU. */
export function fitZones(cluster: ClusterConfig, refuse: Refuse): void {
  if (cluster.kind !== "gke") return; // `fitTogether` checks those of EKS
  checkZones(["cluster", "zones"], cluster.zones, `${cluster.region}-`, refuse);
  for (const [name, { type, zones }] of Object.entries(cluster.gpuPools)) {
    const path = ["cluster", "gpuPools", name, "zones"];
    checkZones(path, zones, `${cluster.region}-`, refuse);
    const fault = zones === undefined ? gkeGpuZonesFault(type, cluster.region) : undefined;
    if (fault !== undefined && gpuTypesOf("gcp").includes(type))
      refuse(path, fault, "name zones that have it, or choose another region or GPU");
  }
}

/** @param prefix - text before the letter of a zone, such as `europe-west4-` */
function checkZones(
  path: string[],
  zones: readonly string[] | undefined,
  prefix: string,
  refuse: Refuse,
): void {
  if (zones === undefined) return;
  if (new Set(zones).size < zones.length || zones.some((zone) => zone.slice(0, -1) !== prefix))
    refuse(path, `must be different zones of ${prefix.replace(/-$/, "")}`);
}
