import type { z } from "zod";
import { gpuMachine, gpuMachineFault, type Cloud } from "../../../components/platform/gpu/gpu-machines.ts";
import { gpuRegionFault } from "../../../components/platform/gpu/gpu-regions.ts";
import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { QuotaConfig, ServiceConfig } from "./environment.ts";
import { fitNames, PLATFORM_NAMESPACES } from "./fit-names.ts";
import { fitRoom, SERVICE_DEFAULTS } from "./fit-room.ts";
import { checkTarget } from "./fit-targets.ts";
import { fitSecrets } from "./fit-secrets.ts";
import type { Refuse } from "./refuse.ts";
import type { SecretsConfig } from "./secrets.ts";
import type { RegistryConfig } from "./registry.ts";

type GpuRequest = NonNullable<ServiceConfig["gpu"]>;

/** The parts of the config that have to fit one another. */
interface Whole {
  cluster: ClusterConfig;
  cloud?: CloudConfig | undefined;
  registry: RegistryConfig;
  images: { build?: object | undefined };
  environments: Record<string, { services: Record<string, ServiceConfig>; quota: QuotaConfig }>;
  secrets: SecretsConfig;
  alerts: { receiver: string; slackUrlSecret?: string | undefined };
  training: { gpu?: GpuRequest | undefined };
  featureStore: object;
  drift: { minRows?: number | undefined; windowRows?: number | undefined };
}

/** A cluster that the stack makes → the registry that the stack makes with it. */
const REGISTRY_OF = { eks: "ecr", gke: "artifact-registry", aks: "acr" } as const;

/** What the drift job takes where the config does not say. @see runtime/contract/env.ts */
export const DRIFT_DEFAULTS = { minRows: 500, windowRows: 5000 };

/** Refuses parts that are right by themselves and wrong together. */
export function fitTogether(config: Whole, context: z.RefinementCtx): void {
  const refuse: Refuse = (path, message, fix) =>
    context.addIssue({ code: "custom", path, message, ...(fix === undefined ? {} : { params: { fix } }) });
  const { cluster, cloud, registry } = config;
  if (cluster.kind === "existing" && cloud !== undefined)
    refuse(["cloud"], "must be left out where cluster.kind is existing: nothing is made in a cloud then");
  if (cluster.kind !== "existing" && cloud === undefined)
    refuse(["cloud"], `must be set where cluster.kind is ${cluster.kind}: it has the tags and the budget`);
  if (cluster.kind === "gke" && cloud?.redis?.machine !== undefined)
    refuse(
      ["cloud", "redis", "machine"],
      "must be left out on Google Cloud, whose Redis has no machine types: use memoryGib",
    );
  if (cluster.kind !== "gke" && cloud?.budget.billingAccount !== undefined)
    refuse(
      ["cloud", "budget", "billingAccount"],
      "must be left out: only Google Cloud has billing accounts apart",
    );
  if (
    cluster.kind === "aks" &&
    [cluster.nodePools.system, cluster.nodePools.cpu].some((pool) => pool?.spot === true)
  )
    refuse(
      ["cluster", "nodePools"],
      "must not have spot on AKS, which keeps pods off spot nodes that do not tolerate them: use spot in gpuPools",
    );
  if (registry.kind === "local" && config.images.build !== undefined)
    refuse(
      ["images", "build"],
      "must be left out where registry.kind is local: npm run up builds all images itself",
    );
  fitRegistry(cluster, registry, refuse);
  if (cloud?.dns?.ingress === true && cluster.kind !== "gke")
    refuse(
      ["cloud", "dns", "ingress"],
      "must be false: only Google Cloud's load balancer is set up by a stack",
      "put a load balancer of your own before the services",
    );
  if (cloud?.redis !== undefined)
    for (const key of Object.keys(config.featureStore))
      refuse(
        ["featureStore", key],
        "must be left out beside cloud.redis, which is the feature store: this key is about one in the cluster",
      );
  const { minRows = DRIFT_DEFAULTS.minRows, windowRows = DRIFT_DEFAULTS.windowRows } = config.drift;
  if (minRows > windowRows)
    refuse(
      ["drift", config.drift.minRows === undefined ? "windowRows" : "minRows"],
      `must leave minRows (${minRows}) no greater than windowRows (${windowRows}): there would never be a verdict`,
    );
  fitNames(config, refuse);
  fitRoom(config.environments, refuse);
  fitSecrets(config, [...PLATFORM_NAMESPACES, ...Object.keys(config.environments)], refuse);
  checkRegion(cluster, refuse);
  for (const [environment, { services }] of Object.entries(config.environments))
    for (const [name, service] of Object.entries(services)) {
      const { gpu, replicas = SERVICE_DEFAULTS.replicas } = service;
      checkTarget(config, { environment, name, service }, refuse);
      const path = ["environments", environment, "services", name, "gpu"];
      // A rolling update starts a pod before it ends one.
      if (gpu !== undefined) checkRoom(cluster, gpu, replicas + 1, path, refuse);
    }
  if (config.training.gpu !== undefined)
    checkRoom(cluster, config.training.gpu, 1, ["training", "gpu"], refuse);
}

/** A stack on a cloud has that cloud's registry, which its nodes and pods read by their identities; nothing else is read there. */
function fitRegistry(cluster: ClusterConfig, registry: RegistryConfig, refuse: Refuse): void {
  if (
    registry.kind === "existing" &&
    registry.readCredentialsFile !== undefined &&
    registry.credentialsFile === undefined
  )
    refuse(["registry", "readCredentialsFile"], "must go with credentialsFile: jobs push with that one");
  const ofClouds: readonly string[] = Object.values(REGISTRY_OF);
  if (cluster.kind === "existing") {
    if (ofClouds.includes(registry.kind))
      refuse(
        ["registry", "kind"],
        `must be local or existing where cluster.kind is existing: nothing is made in a cloud then`,
      );
  } else if (registry.kind !== REGISTRY_OF[cluster.kind])
    refuse(
      ["registry", "kind"],
      `must be ${REGISTRY_OF[cluster.kind]} where cluster.kind is ${cluster.kind}`,
    );
}

const CLOUD_OF: Record<Exclude<ClusterConfig["kind"], "existing">, Cloud> = {
  eks: "aws",
  gke: "gcp",
  aks: "azure",
};

/** Zones, and the machines of every GPU pool, have to be in the cluster's region. */
function checkRegion(cluster: ClusterConfig, refuse: Refuse): void {
  if (cluster.kind === "existing") return;
  if (cluster.kind === "eks" && cluster.zones !== undefined) {
    const { zones, region } = cluster;
    if (new Set(zones).size < zones.length || zones.some((zone) => zone.slice(0, -1) !== region))
      refuse(["cluster", "zones"], `must be different zones of ${region}`);
  }
  const cloud = CLOUD_OF[cluster.kind];
  for (const [name, { type, count }] of Object.entries(cluster.gpuPools)) {
    if (gpuMachineFault(cloud, type, count) !== undefined) continue; // the pool itself is refused
    const { machine, accelerator } = gpuMachine(cloud, type, count);
    const fault = gpuRegionFault(
      cloud,
      machine.startsWith("n1-") ? (accelerator ?? machine) : machine,
      cluster.region,
    );
    if (fault !== undefined) refuse(["cluster", "region"], `${fault}, for the pool ${name}`);
  }
}

/** A pool has to have the GPU, as many per node as a pod asks for, and nodes enough. Of an existing cluster nothing is known. */
function checkRoom(
  cluster: ClusterConfig,
  gpu: GpuRequest,
  pods: number,
  path: string[],
  refuse: Refuse,
): void {
  if (cluster.kind === "existing") return;
  const pools = Object.values(cluster.gpuPools);
  const types = [...new Set(pools.map(({ type }) => type))];
  const fitting = pools.filter(({ type }) => type === gpu.type);
  if (fitting.length === 0)
    return refuse(
      [...path, "type"],
      `must be a GPU of cluster.gpuPools (${types.join(", ") || "there are none"})`,
    );
  // Two slices of a GPU are not twice the GPU, so that a pod on a sliced pool gets one.
  const most = Math.max(...fitting.map((pool) => (pool.timeSlicing === undefined ? pool.count : 1)));
  if (gpu.count > most)
    return refuse(
      [...path, "count"],
      `must be at most ${most}, what a node of cluster.gpuPools gives one pod`,
    );
  const room = fitting.reduce((sum, { max, count, timeSlicing }) => {
    if (timeSlicing !== undefined) return sum + (gpu.count === 1 ? max * count * timeSlicing : 0);
    return sum + max * Math.floor(count / gpu.count);
  }, 0);
  if (pods > room)
    refuse(
      path,
      `must leave room for ${pods} pods, one of them for a rolling update: cluster.gpuPools hold ${room}`,
      "raise max of a pool",
    );
}
