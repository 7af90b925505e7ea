import type { z } from "zod";
import { gpuMachine, gpuMachineFault, type Cloud } from "../../../components/platform/gpu/gpu-machines.ts";
import { gpuRegionFault } from "../../../components/platform/gpu/gpu-regions.ts";
import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import { RESERVED_ENVIRONMENTS, type ServiceConfig } from "./environment.ts";
import { checkTarget } from "./fit-targets.ts";
import { fitSecrets } from "./fit-secrets.ts";
import type { SecretsConfig } from "./secrets.ts";
import type { RegistryConfig } from "./registry.ts";

type GpuRequest = NonNullable<ServiceConfig["gpu"]>;

/** What parts of the config say of one another. */
interface Whole {
  cluster: ClusterConfig;
  cloud?: CloudConfig | undefined;
  registry: RegistryConfig;
  images: { build?: object | undefined };
  environments: Record<string, { services: Record<string, ServiceConfig> }>;
  secrets: SecretsConfig;
  alerts: { receiver: string; slackUrlSecret?: string | undefined };
  training: { gpu?: GpuRequest | undefined };
}

/** Registry of a cloud → the kind of cluster that goes with it. */
const CLUSTER_OF = { ecr: "eks", "artifact-registry": "gke", acr: "aks" } as const;

/** Refuses parts that are right by themselves and wrong together. */
export function fitTogether(config: Whole, context: z.RefinementCtx): void {
  const refuse = (path: string[], message: string): void =>
    context.addIssue({ code: "custom", path, message });
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
  if (registry.kind in CLUSTER_OF) {
    const wanted = CLUSTER_OF[registry.kind as keyof typeof CLUSTER_OF];
    if (cluster.kind !== wanted)
      refuse(
        ["registry", "kind"],
        `must be a registry that a cluster of kind ${cluster.kind} goes with: ${registry.kind} goes with ${wanted}`,
      );
  }
  fitSecrets(config, [...RESERVED_ENVIRONMENTS, ...Object.keys(config.environments)], refuse);
  checkRegion(cluster, refuse);
  for (const [environment, { services }] of Object.entries(config.environments))
    for (const [name, service] of Object.entries(services)) {
      const { gpu, replicas = 2 } = service;
      checkTarget(config, { environment, name, service }, refuse);
      const path = ["environments", environment, "services", name, "gpu"];
      // A rolling update starts a pod before it ends one.
      if (gpu !== undefined) checkRoom(cluster, gpu, replicas + 1, path, refuse);
    }
  if (config.training.gpu !== undefined)
    checkRoom(cluster, config.training.gpu, 1, ["training", "gpu"], refuse);
}

const CLOUD_OF: Record<Exclude<ClusterConfig["kind"], "existing">, Cloud> = {
  eks: "aws",
  gke: "gcp",
  aks: "azure",
};

/** Zones, and the machines of every GPU pool, have to be in the cluster's region. */
function checkRegion(cluster: ClusterConfig, refuse: (path: string[], message: string) => void): void {
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
  refuse: (path: string[], message: string) => void,
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
      `must leave room for ${pods} pods, one of them for a rolling update: cluster.gpuPools hold ${room}; raise max`,
    );
}
