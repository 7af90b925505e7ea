import { CLUSTER_OF_TARGET } from "./cluster-of-target.ts";
import { targetName } from "../target-name.ts";
import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { ServiceConfig } from "./environment.ts";
import type { Refuse } from "./refuse.ts";
import type { TargetKind } from "./target.ts";

/** Longest name of a service on each target, with prefix and environment, in characters. */
const MAX_NAME_LENGTH: Record<TargetKind, number> = {
  sagemaker: 63,
  lambda: 64,
  vertex: 128,
  "cloud-run": 49,
  "cloud-functions": 42, // suffixes make the names of its subscription and its second service account longer
  "azure-ml": 32,
  "azure-functions": 60,
};

/** Keys of a service that configure its pods. */
const POD_KEYS = [
  "replicas",
  "autoscaling",
  "cpuRequestMillis",
  "cpuLimitMillis",
  "memoryMib",
  "gpu",
  "logMaxEntries",
  "drainSeconds",
  "callers",
  "gateway",
] as const;

/** Targets whose containers cannot reach a feature store. */
const WITHOUT_FEATURE_STORE: readonly TargetKind[] = ["vertex", "azure-ml"];

/** Other parts of the config that a target must fit. */
export interface TargetSurroundings {
  cluster: ClusterConfig;
  cloud?: CloudConfig | undefined;
}

/** Refuses a service whose target belongs to another cloud or does not fit the rest of the config, or that has keys for pods. */
export function checkTarget(
  { cluster, cloud }: TargetSurroundings,
  { environment, name, service }: { environment: string; name: string; service: ServiceConfig },
  refuse: Refuse,
): void {
  const { target } = service;
  if (target === undefined) return;
  const { kind } = target;
  const path = ["environments", environment, "services", name];
  const possibleTargets = Object.entries(CLUSTER_OF_TARGET)
    .filter(([, clusterKind]) => clusterKind === cluster.kind)
    .map(([targetKind]) => targetKind);
  if (cluster.kind === "existing")
    return refuse(
      [...path, "target"],
      "must be left out if cluster.kind is existing: such a stack creates nothing in a cloud, and the service runs in the cluster",
    );
  if (CLUSTER_OF_TARGET[kind] !== cluster.kind)
    return refuse(
      [...path, "target", "kind"],
      `must be ${possibleTargets.join(" or ")} if cluster.kind is ${cluster.kind}; ${kind} needs ${CLUSTER_OF_TARGET[kind]}`,
    );
  if (cloud !== undefined && !cloud.targets.includes(kind))
    refuse(
      [...path, "target", "kind"],
      `must be one of cloud.targets of the foundation (${cloud.targets.join(", ") || "there are none"})`,
      `write targets: [${[...cloud.targets, kind].join(", ")}] below slipway:cloud in the file of the foundation, and deploy the foundation first`,
    );
  const physicalName = targetName(cloud?.prefix ?? "", environment, name);
  if (physicalName.length > MAX_NAME_LENGTH[kind])
    refuse(
      [...path, "target", "kind"],
      `must allow the name ${physicalName}: ${kind} allows ${MAX_NAME_LENGTH[kind]} characters`,
      "shorten the name of the service",
    );
  if ("canary" in target && target.canary !== undefined && "model" in target.canary)
    if (target.canary.model.digest === service.model?.digest)
      refuse(
        [...path, "target", "canary", "model", "digest"],
        "must differ from model.digest: a canary compares two versions",
      );
  if (kind === "cloud-functions" && cloud?.redis === undefined)
    refuse(
      [...path, "target", "kind"],
      "must be used together with cloud.redis: Pub/Sub drops the answers, so the prediction log is the only result of a cloud function",
    );
  for (const key of POD_KEYS)
    if (service[key] !== undefined)
      refuse(
        [...path, key],
        "must be left out beside target: it configures pods",
        "use the keys of target for its size",
      );
  if (service.logSample !== undefined && (WITHOUT_FEATURE_STORE.includes(kind) || cloud?.redis === undefined))
    refuse(
      [...path, "logSample"],
      `must be left out: ${kind} without ${WITHOUT_FEATURE_STORE.includes(kind) ? "a feature store" : "cloud.redis"} logs no predictions`,
    );
}
