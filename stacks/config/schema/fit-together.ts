import type { z } from "zod";
import { gpuMachine, gpuMachineFault } from "../../../components/platform/gpu/gpu-machines.ts";
import { gpuRegionFault } from "../../../components/platform/gpu/gpu-regions.ts";
import type { CloudConfig } from "./cloud.ts";
import { isZoneOf, ZONES_WITHOUT_EKS } from "../../../components/aws/zones.ts";
import type { ClusterConfig, EksConfig } from "./cluster.ts";
import type { QuotaConfig, ServiceConfig } from "./environment.ts";
import { fitNames, PLATFORM_NAMESPACES } from "./fit-names.ts";
import { fitRoom, SERVICE_DEFAULTS } from "./fit-room.ts";
import { checkTarget } from "./fit-targets.ts";
import { fitSecrets } from "./fit-secrets.ts";
import { fitZones } from "./fit-zones.ts";
import type { Refuse } from "./refuse.ts";
import type { SecretsConfig } from "./secrets.ts";
import type { RegistryConfig } from "./registry.ts";

type GpuRequest = NonNullable<ServiceConfig["gpu"]>;

/** The parts of the config that must fit one another. */
interface FittedConfig {
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

/** Kind of a managed cluster → kind of the registry that the stack creates with it. */
const REGISTRY_OF_CLUSTER = { eks: "ecr", gke: "artifact-registry", aks: "acr" } as const;

/** Defaults of the drift job. @see runtime/contract/env.ts */
export const DRIFT_DEFAULTS = { minRows: 500, windowRows: 5000 };

/** Refuses parts of the config that are valid alone but do not fit together. */
export function fitTogether(config: FittedConfig, context: z.RefinementCtx): void {
  const refuse: Refuse = (path, message, fix) =>
    context.addIssue({ code: "custom", path, message, ...(fix === undefined ? {} : { params: { fix } }) });
  const { cluster, cloud, registry } = config;
  if (cluster.kind === "existing" && cloud !== undefined)
    refuse(
      ["cloud"],
      "must be left out if cluster.kind is existing: such a stack creates nothing in a cloud",
    );
  if (cluster.kind !== "existing" && cloud === undefined)
    refuse(["cloud"], `must be set if cluster.kind is ${cluster.kind}: it contains the tags and the budget`);
  if (cluster.kind === "gke" && cloud?.redis?.machine !== undefined)
    refuse(
      ["cloud", "redis", "machine"],
      "must be left out on Google Cloud, whose Redis has no machine types: use memoryGib",
    );
  if (cluster.kind !== "gke" && cloud?.budget.billingAccount !== undefined)
    refuse(
      ["cloud", "budget", "billingAccount"],
      "must be left out: only Google Cloud has separate billing accounts",
    );
  if (
    cluster.kind === "aks" &&
    [cluster.nodePools.system, cluster.nodePools.cpu].some((pool) => pool?.spot === true)
  )
    refuse(
      ["cluster", "nodePools"],
      "must not have spot on AKS, which keeps pods without a toleration off spot nodes: use spot in gpuPools",
    );
  if (cluster.kind === "aks" && cloud !== undefined && cloud.prefix.length < 5)
    refuse(
      ["cloud", "prefix"],
      "must have at least 5 characters on Azure: the registry is <prefix>.azurecr.io, whose name has 5 or more",
    );
  if (registry.kind === "local" && config.images.build !== undefined)
    refuse(
      ["images", "build"],
      "must be left out if registry.kind is local: npm run up builds all images itself",
    );
  checkRegistry(cluster, registry, refuse);
  if (cloud?.dns?.ingress === true && cluster.kind !== "gke")
    refuse(
      ["cloud", "dns", "ingress"],
      "must be false: a stack sets up a load balancer on Google Cloud only",
      "put your own load balancer in front of the services",
    );
  if (cloud?.dns?.delegated === true && cluster.kind !== "eks")
    refuse(["cloud", "dns", "delegated"], "must be left out: only on AWS a stack waits for its certificate");
  if (cloud?.redis !== undefined)
    for (const key of Object.keys(config.featureStore))
      refuse(
        ["featureStore", key],
        "must be left out if cloud.redis is set: it configures a feature store in the cluster, and this stack uses cloud.redis",
      );
  const { minRows = DRIFT_DEFAULTS.minRows, windowRows = DRIFT_DEFAULTS.windowRows } = config.drift;
  if (minRows > windowRows)
    refuse(
      ["drift", config.drift.minRows === undefined ? "windowRows" : "minRows"],
      `must keep minRows (${minRows}) at or below windowRows (${windowRows}): otherwise no window has enough rows for a PSI`,
    );
  fitNames(config, refuse);
  fitRoom(config.environments, refuse);
  fitSecrets(config, [...PLATFORM_NAMESPACES, ...Object.keys(config.environments)], refuse);
  fitZones(cluster, refuse);
  checkRegionHasMachines(cluster, refuse);
  for (const [environment, { services }] of Object.entries(config.environments))
    for (const [name, service] of Object.entries(services)) {
      const { gpu, replicas = SERVICE_DEFAULTS.replicas } = service;
      checkTarget(config, { environment, name, service }, refuse);
      const path = ["environments", environment, "services", name, "gpu"];
      // A rolling update starts a new pod before it ends an old one.
      if (gpu !== undefined) checkGpuRoom(cluster, gpu, replicas + 1, path, refuse);
    }
  if (config.training.gpu !== undefined)
    checkGpuRoom(cluster, config.training.gpu, 1, ["training", "gpu"], refuse);
}

/** A stack on a cloud must have the registry of that cloud, because its nodes and pods log in with cloud identities. */
function checkRegistry(cluster: ClusterConfig, registry: RegistryConfig, refuse: Refuse): void {
  if (
    registry.kind === "existing" &&
    registry.readCredentialsFile !== undefined &&
    registry.credentialsFile === undefined
  )
    refuse(
      ["registry", "readCredentialsFile"],
      "must be used together with credentialsFile, with which jobs push",
    );
  const cloudRegistries: readonly string[] = Object.values(REGISTRY_OF_CLUSTER);
  if (cluster.kind === "existing") {
    if (cloudRegistries.includes(registry.kind))
      refuse(
        ["registry", "kind"],
        `must be local or existing if cluster.kind is existing: such a stack creates nothing in a cloud`,
      );
  } else if (registry.kind !== REGISTRY_OF_CLUSTER[cluster.kind])
    refuse(
      ["registry", "kind"],
      `must be ${REGISTRY_OF_CLUSTER[cluster.kind]} if cluster.kind is ${cluster.kind}`,
    );
}

/** Kind of a managed cluster whose regions differ in machines → its cloud. */
const CLOUD_OF_CLUSTER = { eks: "aws", aks: "azure" } as const;

/** The region must have the machine of each GPU pool. On GKE `fitZones` checks it. */
function checkRegionHasMachines(cluster: ClusterConfig, refuse: Refuse): void {
  if (cluster.kind === "existing" || cluster.kind === "gke") return;
  if (cluster.kind === "eks" && cluster.zones !== undefined) {
    const { zones, region } = cluster;
    if (new Set(zones).size < zones.length || !zones.every((zone) => isZoneOf(zone, region)))
      refuse(["cluster", "zones"], `must be different zones of ${region}`);
    const refused = zones.find((zone) => ZONES_WITHOUT_EKS.includes(zone));
    if (refused !== undefined)
      refuse(["cluster", "zones"], `must be zones that EKS supports: it creates no cluster in ${refused}`);
  }
  if (cluster.kind === "eks") checkZonesHaveNodes(cluster, refuse);
  const cloud = CLOUD_OF_CLUSTER[cluster.kind];
  for (const [name, { type, count }] of Object.entries(cluster.gpuPools)) {
    if (gpuMachineFault(cloud, type, count) !== undefined) continue; // the schema of the pool has refused it
    const fault = gpuRegionFault(cloud, gpuMachine(cloud, type, count).machine, cluster.region);
    if (fault !== undefined) refuse(["cluster", "region"], `${fault}, for the pool ${name}`);
  }
}

/** The pool `cpu` has nodes of its own in each zone, because its pods have volumes. */
function checkZonesHaveNodes({ zones, nodePools }: EksConfig, refuse: Refuse): void {
  const count = zones?.length ?? 3;
  if (nodePools.cpu !== undefined && nodePools.cpu.max < count)
    refuse(
      ["cluster", "nodePools", "cpu", "max"],
      `must be at least ${count}: each zone has nodes of its own, because a volume belongs to one zone`,
    );
}

/** The pools must have the GPU, enough of them on one node for a pod, and enough nodes for all pods. Cannot check an existing cluster. */
function checkGpuRoom(
  cluster: ClusterConfig,
  gpu: GpuRequest,
  pods: number,
  path: string[],
  refuse: Refuse,
): void {
  if (cluster.kind === "existing") return;
  const pools = Object.values(cluster.gpuPools);
  const types = [...new Set(pools.map(({ type }) => type))];
  const poolsWithGpu = pools.filter(({ type }) => type === gpu.type);
  if (poolsWithGpu.length === 0)
    return refuse(
      [...path, "type"],
      `must be a GPU of cluster.gpuPools (${types.join(", ") || "there are none"})`,
    );
  // Two time slices of a GPU are not faster than one, so a pod on a time-sliced pool gets one.
  const most = Math.max(...poolsWithGpu.map((pool) => (pool.timeSlicing === undefined ? pool.count : 1)));
  if (gpu.count > most)
    return refuse(
      [...path, "count"],
      `must be at most ${most}: no node of cluster.gpuPools has more for one pod`,
    );
  const room = poolsWithGpu.reduce((sum, { max, count, timeSlicing }) => {
    if (timeSlicing !== undefined) return sum + (gpu.count === 1 ? max * count * timeSlicing : 0);
    return sum + max * Math.floor(count / gpu.count);
  }, 0);
  if (pods > room)
    refuse(
      path,
      `must fit into cluster.gpuPools: they have room for ${room} pods, and ${pods} are needed, one of them for a rolling update`,
      "raise max of a pool",
    );
}
