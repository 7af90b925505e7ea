import { targetName } from "../target-name.ts";
import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { ServiceConfig } from "./environment.ts";
import type { Refuse } from "./refuse.ts";
import type { TargetKind } from "./target.ts";

type Managed = Exclude<ClusterConfig["kind"], "existing">;

/** Target → the kind of cluster of the same cloud. */
const CLUSTER_OF: Record<TargetKind, Managed> = {
  sagemaker: "eks",
  lambda: "eks",
  vertex: "gke",
  "cloud-run": "gke",
  "cloud-functions": "gke",
  "azure-ml": "aks",
  "azure-functions": "aks",
};

/** Characters that the name of a service may have on a target, prefix and environment included. */
const LONGEST: Record<TargetKind, number> = {
  sagemaker: 63,
  lambda: 64,
  vertex: 128,
  "cloud-run": 49,
  "cloud-functions": 42, // its second service account and its subscription have longer names
  "azure-ml": 32,
  "azure-functions": 60,
};

/** Keys of a service that are about its pods. */
const POD_KEYS = [
  "replicas",
  "cpuRequestMillis",
  "cpuLimitMillis",
  "memoryMib",
  "gpu",
  "logMaxEntries",
  "drainSeconds",
] as const;

/** Targets whose containers have no way to a feature store. */
const WITHOUT_FEATURES: readonly TargetKind[] = ["vertex", "azure-ml"];

/** Other parts of the config that a target has to fit. */
export interface AroundTarget {
  cluster: ClusterConfig;
  cloud?: CloudConfig | undefined;
}

/** Refuses a service whose target is another cloud's, or whose keys are about pods. */
export function checkTarget(
  { cluster, cloud }: AroundTarget,
  { environment, name, service }: { environment: string; name: string; service: ServiceConfig },
  refuse: Refuse,
): void {
  const { target } = service;
  if (target === undefined) return;
  const { kind } = target;
  const path = ["environments", environment, "services", name];
  const possible = Object.entries(CLUSTER_OF)
    .filter(([, clusterKind]) => clusterKind === cluster.kind)
    .map(([targetKind]) => targetKind);
  if (cluster.kind === "existing")
    return refuse(
      [...path, "target"],
      "must be left out where cluster.kind is existing: nothing is made in a cloud then, and the service runs in the cluster",
    );
  if (CLUSTER_OF[kind] !== cluster.kind)
    return refuse(
      [...path, "target", "kind"],
      `must be ${possible.join(" or ")} where cluster.kind is ${cluster.kind}: ${kind} goes with ${CLUSTER_OF[kind]}`,
    );
  const physicalName = targetName(cloud?.prefix ?? "", environment, name);
  if (physicalName.length > LONGEST[kind])
    refuse(
      [...path, "target", "kind"],
      `must be one that takes the name ${physicalName}: ${kind} takes ${LONGEST[kind]} characters`,
      "shorten the name of the service",
    );
  if ("canary" in target && target.canary !== undefined && "model" in target.canary)
    if (target.canary.model.digest === service.model?.digest)
      refuse(
        [...path, "target", "canary", "model", "digest"],
        "must be another than model.digest: there is nothing to compare otherwise",
      );
  if (kind === "cloud-functions" && cloud?.redis === undefined)
    refuse(
      [...path, "target", "kind"],
      "must go with cloud.redis: Pub/Sub drops answers, and without a prediction log a cloud function scores for nobody",
    );
  for (const key of POD_KEYS)
    if (service[key] !== undefined)
      refuse(
        [...path, key],
        "must be left out beside target: it is about pods",
        "use the keys of target that say how much runs",
      );
  if (service.logSample !== undefined && (WITHOUT_FEATURES.includes(kind) || cloud?.redis === undefined))
    refuse(
      [...path, "logSample"],
      `must be left out: on ${kind} without ${WITHOUT_FEATURES.includes(kind) ? "a feature store" : "cloud.redis"} no prediction is logged`,
    );
}
