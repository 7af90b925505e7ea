import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { isPrivateCidr } from "../../platform/kubernetes/private-cidr.ts";
import { gkeKubeconfig } from "./gke-kubeconfig.ts";
import type { GkeNodeIdentity } from "./gke-node-config.ts";
import { GKE_DEFAULT_VERSION, gkeVersion } from "./gke-versions.ts";
import type { GpuPool } from "../../platform/kubernetes/gpu-types.ts";
import type { GcpKey } from "../key.ts";
import type { GcpNetwork } from "../network.ts";
import { GkeGpuNodePool } from "./gke-gpu-node-pool.ts";
import { GkeNodePool, type GkeNodePoolSettings } from "./gke-node-pool.ts";
import { GkeTpuNodePool, type GkeTpuPoolSettings } from "./gke-tpu-node-pool.ts";
import { after } from "../../platform/after.ts";

export interface GkeArgs {
  project: pulumi.Input<string>;
  region: string;
  network: GcpNetwork;
  /** Encrypts the Secrets of the cluster and the disks of its nodes; its users must include GKE and Compute Engine. */
  key: GcpKey;
  /** Lowest minor version of Kubernetes; the Regular channel upgrades it later. @default "1.35" */
  version?: string;
  /**
   * Networks that may reach the API server. Without a public one the cluster has no public endpoint.
   * @default []: only the cluster's own subnet reaches it
   */
  adminCidrs?: readonly string[];
  /** Nodes for the cluster's own components. @default 1 to 3 of e2-standard-4 */
  systemPool?: Partial<GkeNodePoolSettings>;
  /** Nodes for everything else. @default 1 to 6 of e2-standard-4 */
  cpuPool?: Partial<GkeNodePoolSettings>;
  /** GPU pools by name. @default none */
  gpuPools?: Readonly<Record<string, GpuPool>>;
  /** TPU pools by name. @default none */
  tpuPools?: Readonly<Record<string, GkeTpuPoolSettings>>;
  /** Images that may run in addition to GKE's own, as patterns of Binary Authorization. @default - any */
  imageSources?: readonly string[];
  /** Let pods mount secrets of Secret Manager. @default false */
  secretManager?: boolean;
  /** Let GKE create load balancers for Gateways. @default false */
  ingress?: boolean;
  /** Refuse to delete the cluster. @default true */
  protect?: boolean;
}

/** The only role of the nodes' service account: write logs and metrics. */
const NODE_ROLE = "roles/container.defaultNodeServiceAccount";

/**
 * A regional GKE Standard cluster with private nodes, its node pools, and a Kubernetes provider for it.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
 *
 * @example
 * const cluster = new Gke("cluster", { project: project.id, region, network, key, gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 4 } } });
 * new Environment("staging", { registryUrl }, { provider: cluster.provider });
 */
export class Gke extends pulumi.ComponentResource {
  /** Deploys into the cluster. It depends on the node pools, so its resources are deleted before the nodes. */
  readonly provider: k8s.Provider;
  /** Pass it as `deletedWith` to resources that exist only in the cluster. */
  readonly resource: gcp.container.Cluster;
  /** IAM member of the nodes, which pull the images. */
  readonly nodeMember: pulumi.Output<string>;

  constructor(name: string, args: GkeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:Gke", name, {}, opts);
    const { project, key, systemPool, cpuPool, gpuPools = {}, tpuPools = {}, imageSources } = args;
    const account = new gcp.serviceaccount.Account(
      `${name}-nodes`,
      { project, displayName: `Nodes of ${name}` },
      { parent: this },
    );
    this.nodeMember = pulumi.interpolate`serviceAccount:${account.email}`;
    const role = new gcp.projects.IAMMember(
      `${name}-nodes-role`,
      { project, role: NODE_ROLE, member: this.nodeMember },
      { parent: this },
    );
    const nodes: GkeNodeIdentity = {
      // Nodes that start before the grant exists cannot write logs and metrics.
      serviceAccount: after(account.email, role.id),
      diskKey: key.keyName,
    };
    this.resource = new gcp.container.Cluster(`${name}-gke`, clusterArgs(name, args, nodes), {
      parent: this,
      protect: args.protect ?? true,
      // These inputs describe the default pool, which GKE removes at once.
      ignoreChanges: ["nodeConfig", "initialNodeCount"],
    });
    const cluster = this.resource;
    const common = { project, cluster, nodes };
    const child = { parent: this };
    const system: GkeNodePoolSettings = { max: 3, ...systemPool };
    const cpu: GkeNodePoolSettings = { max: 6, ...cpuPool };
    const needed: pulumi.Resource[] = [
      new GkeNodePool(`${name}-system`, { ...common, ...system, pool: "system" }, child),
      new GkeNodePool(`${name}-cpu`, { ...common, ...cpu, pool: "cpu" }, child),
    ];
    for (const [pool, settings] of Object.entries(gpuPools))
      needed.push(new GkeGpuNodePool(`${name}-gpu-${pool}`, { ...common, ...settings, pool }, child));
    for (const [pool, settings] of Object.entries(tpuPools))
      needed.push(new GkeTpuNodePool(`${name}-tpu-${pool}`, { ...common, ...settings, pool }, child));
    if (imageSources !== undefined)
      needed.push(createAdmissionPolicy(name, args, imageSources, cluster, this));
    const kubeconfig = pulumi
      .all([cluster.name, cluster.endpoint, cluster.masterAuth])
      .apply(([clusterName, endpoint, auth]) =>
        gkeKubeconfig({ name: clusterName, endpoint, caCertificate: auth.clusterCaCertificate }),
      );
    this.provider = new k8s.Provider(
      `${name}-provider`,
      { kubeconfig, enableServerSideApply: true, enableConfigMapMutable: true },
      { parent: this, dependsOn: needed },
    );
    this.registerOutputs({ name: cluster.name });
  }
}

function clusterArgs(name: string, args: GkeArgs, nodes: GkeNodeIdentity): gcp.container.ClusterArgs {
  const { project, region, network, key, adminCidrs = [], ingress = false, protect = true } = args;
  const version = gkeVersion(args.version ?? GKE_DEFAULT_VERSION, name);
  return {
    project,
    location: region,
    deletionProtection: protect,
    releaseChannel: { channel: "REGULAR" },
    minMasterVersion: version,
    // The default pool cannot be changed later, so it is removed and our own pools replace it.
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    nodeConfig: {
      serviceAccount: nodes.serviceAccount,
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      workloadMetadataConfig: { mode: "GKE_METADATA" },
    },
    ...networking(network),
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: adminCidrs.every(isPrivateCidr),
      masterGlobalAccessConfig: { enabled: false },
    },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: adminCidrs.map((cidrBlock) => ({ cidrBlock })),
      gcpPublicCidrsAccessEnabled: false,
      privateEndpointEnforcementEnabled: true,
    },
    // The DNS endpoint is open to the whole internet, protected only by IAM: adminCidrs do not restrict it.
    controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: false } },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    anonymousAuthenticationConfig: { mode: "LIMITED" },
    enableLegacyAbac: false,
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    workloadIdentityConfig: { workloadPool: pulumi.interpolate`${project}.svc.id.goog` },
    databaseEncryption: { state: "ENCRYPTED", keyName: key.keyName },
    secretManagerConfig: { enabled: args.secretManager ?? false },
    enableShieldedNodes: true,
    binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
    securityPostureConfig: { mode: "BASIC" },
    nodePoolDefaults: { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
    loggingConfig: {
      enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"],
    },
    monitoringConfig: {
      enableComponents: METRIC_SOURCES,
      managedPrometheus: { enabled: true },
      advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: false },
    },
    costManagementConfig: { enabled: true },
    addonsConfig: {
      gcePersistentDiskCsiDriverConfig: { enabled: true },
      horizontalPodAutoscaling: { disabled: false },
      httpLoadBalancing: { disabled: !ingress },
      // Network policies allow DNS only to kube-dns, and the cache would answer instead of it.
      dnsCacheConfig: { enabled: false },
    },
    gatewayApiConfig: { channel: ingress ? "CHANNEL_STANDARD" : "CHANNEL_DISABLED" },
    // Twelve hours a week: GKE requires at least 48 hours in 32 days.
    maintenancePolicy: {
      recurringWindow: {
        startTime: "2026-01-03T02:00:00Z",
        endTime: "2026-01-03T08:00:00Z",
        recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
      },
    },
  };
}

/** Components whose metrics GKE collects; DCGM is the exporter of GPU metrics. */
const METRIC_SOURCES = [
  "SYSTEM_COMPONENTS",
  "APISERVER",
  "SCHEDULER",
  "CONTROLLER_MANAGER",
  "STORAGE",
  "HPA",
  "POD",
  "DAEMONSET",
  "DEPLOYMENT",
  "STATEFULSET",
  "KUBELET",
  "CADVISOR",
  "DCGM",
];

function networking(network: GcpNetwork): Partial<gcp.container.ClusterArgs> {
  return {
    networkingMode: "VPC_NATIVE",
    network: network.id,
    subnetwork: network.subnetId,
    ipAllocationPolicy: {
      clusterSecondaryRangeName: network.podRange,
      servicesSecondaryRangeName: network.serviceRange,
      stackType: "IPV4",
    },
    // Dataplane V2, which enforces network policies.
    datapathProvider: "ADVANCED_DATAPATH",
    enableIntranodeVisibility: true,
  };
}

/**
 * Lets this cluster run only images that Google ships for GKE and images that match the patterns. A project has one policy,
 * so this one allows all images in other clusters.
 *
 * @see https://cloud.google.com/binary-authorization/docs/policy-yaml-reference
 */
function createAdmissionPolicy(
  name: string,
  { project, region }: GkeArgs,
  imageSources: readonly string[],
  cluster: gcp.container.Cluster,
  parent: pulumi.Resource,
): gcp.binaryauthorization.Policy {
  return new gcp.binaryauthorization.Policy(
    `${name}-admission`,
    {
      project,
      globalPolicyEvaluationMode: "ENABLE",
      admissionWhitelistPatterns: imageSources.map((namePattern) => ({ namePattern })),
      defaultAdmissionRule: {
        evaluationMode: "ALWAYS_ALLOW",
        enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
      },
      clusterAdmissionRules: [
        {
          cluster: pulumi.interpolate`${region}.${cluster.name}`,
          evaluationMode: "ALWAYS_DENY",
          enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
        },
      ],
    },
    { parent },
  );
}
