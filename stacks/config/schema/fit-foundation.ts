import { gpuMachine, gpuMachineFault } from "../../../components/platform/gpu/gpu-machines.ts";
import { gpuRegionFault } from "../../../components/platform/gpu/gpu-regions.ts";
import { isZoneOf, ZONES_WITHOUT_EKS } from "../../../components/aws/zones.ts";
import { fitBackup } from "./backup.ts";
import type { CloudConfig } from "./cloud.ts";
import { CLOUD_OF_CLUSTER } from "./fit-gpus.ts";
import type { ClusterConfig, EksConfig, GpuPoolsConfig } from "./cluster.ts";
import { CLUSTER_OF_TARGET } from "./cluster-of-target.ts";
import { fitEndpoints } from "./fit-isolation.ts";
import { fitPools } from "./fit-pools.ts";
import { fitTags } from "./fit-tags.ts";
import { fitVersion } from "./fit-version.ts";
import { fitZones } from "./fit-zones.ts";
import type { Refuse } from "./refuse.ts";
import type { RegistryConfig, UpstreamSecrets } from "./registry.ts";

/** The parts of the config that a foundation has. */
export interface FoundationParts {
  cluster: ClusterConfig;
  cloud?: CloudConfig | undefined;
  registry: RegistryConfig;
  images: { build?: object | undefined };
}

/** Kind of a managed cluster → kind of the registry that the stack creates with it. */
const REGISTRY_OF_CLUSTER = { eks: "ecr", gke: "artifact-registry", aks: "acr" } as const;

/** Refuses a cluster, its cloud resources and its registry if they do not fit together. */
export function fitFoundation({ cluster, cloud, registry, images }: FoundationParts, refuse: Refuse): void {
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
  if (registry.kind === "local" && images.build !== undefined)
    refuse(
      ["images", "build"],
      "must be left out if registry.kind is local: npm run up builds all images itself",
    );
  fitTags({ cluster, cloud }, refuse);
  checkRegistry(cluster, registry, refuse);
  if (cloud?.dns?.ingress === true && cluster.kind !== "gke" && cluster.kind !== "aks")
    refuse(
      ["cloud", "dns", "ingress"],
      "must be false: only GKE and AKS themselves make load balancers",
      "leave it out; a gateway on EKS needs cloud.dns.delegated: true, after the parent zone has delegated to this zone: docs/aws.md#gateway",
    );
  if (cloud?.dns?.authorities !== undefined && cluster.kind !== "aks")
    refuse(
      ["cloud", "dns", "authorities"],
      "must be left out: only on Azure a person gets the certificate from an authority",
    );
  if (cloud?.dns?.delegated === true && cluster.kind !== "eks")
    refuse(["cloud", "dns", "delegated"], "must be left out: only on AWS a stack waits for its certificate");
  for (const [index, kind] of (cloud?.targets ?? []).entries())
    if (CLUSTER_OF_TARGET[kind] !== cluster.kind)
      refuse(
        ["cloud", "targets", String(index)],
        `must be a target of ${cluster.kind}: ${kind} needs ${CLUSTER_OF_TARGET[kind]}`,
      );
  if (cloud?.backup !== undefined) fitBackup(cluster, cloud.backup, refuse);
  fitVersion(cluster, refuse);
  fitZones(cluster, refuse);
  fitPools(cluster, refuse);
  fitEndpoints(cluster, cloud, refuse);
  checkRegionHasMachines(cluster, refuse);
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
  } else if (registry.kind === "ecr" && cluster.kind === "eks")
    checkUpstreamSecrets(cluster, registry.upstreamSecrets ?? {}, refuse);
  else if (registry.kind !== REGISTRY_OF_CLUSTER[cluster.kind])
    refuse(
      ["registry", "kind"],
      `must be ${REGISTRY_OF_CLUSTER[cluster.kind]} if cluster.kind is ${cluster.kind}`,
    );
}

/** ECR reads the account of a public registry only from a secret of its own account and region. */
function checkUpstreamSecrets(
  { account, region }: EksConfig,
  secrets: UpstreamSecrets,
  refuse: Refuse,
): void {
  for (const [host, arn] of Object.entries(secrets)) {
    const [, , , secretRegion, secretAccount] = arn?.split(":") ?? [];
    if (arn === undefined || (secretRegion === region && secretAccount === account)) continue;
    refuse(
      ["registry", "upstreamSecrets", host],
      `must be a secret of the account ${account} in ${region}, because ECR reads no other`,
      `create it there: aws secretsmanager create-secret --region ${region} --name ecr-pullthroughcache/NAME`,
    );
  }
}

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
  const gpuPools: GpuPoolsConfig = cluster.gpuPools;
  for (const [name, { type, count }] of Object.entries(gpuPools)) {
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
