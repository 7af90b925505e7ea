import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { isPrivateCidr } from "./gke-control-plane.ts";
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
  /** Encrypts the Secrets of the cluster and the disks of its nodes; GKE and Compute Engine have to be its users. */
  key: GcpKey;
  /** Minor version of Kubernetes at least; the Regular channel moves it on. @default "1.35" */
  version?: string;
  /**
   * Networks from which the API server may be reached. With none that is public it has no public endpoint.
   * @default [], so that the cluster's own subnet alone reaches it
   */
  allowedCidrs?: readonly string[];
  /** Nodes for what the cluster itself needs. @default 1 to 3 of e2-standard-4 */
  systemPool?: Partial<GkeNodePoolSettings>;
  /** Nodes for everything else. @default 1 to 6 of e2-standard-4 */
  cpuPool?: Partial<GkeNodePoolSettings>;
  /** Name → pool. @default none */
  gpuPools?: Readonly<Record<string, GpuPool>>;
  /** Name → pool. @default none */
  tpuPools?: Readonly<Record<string, GkeTpuPoolSettings>>;
  /** Images that may run here besides GKE's own, as patterns of Binary Authorization. @default - any */
  imageSources?: readonly string[];
  /** Let pods mount secrets of Secret Manager. @default false */
  secretManager?: boolean;
  /** Let GKE make load balancers for Gateways. @default false */
  ingress?: boolean;
  /** Refuse to delete the cluster. @default true */
  protect?: boolean;
}

/** All that a node does in the name of its account: it writes logs and metrics. */
const NODE_ROLE = "roles/container.defaultNodeServiceAccount";

/**
 * A regional GKE Standard cluster of private nodes, its pools, and a provider for what runs in it.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
 *
 * @example
 * const cluster = new Gke("cluster", { project: project.id, region, network, key, gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 4 } } });
 * new Environment("staging", { registryUrl }, { provider: cluster.provider });
 */
export class Gke extends pulumi.ComponentResource {
  /** Everything in the cluster goes through it. It waits for the pools, and goes before them. */
  readonly provider: k8s.Provider;
  /** Pass it as `deletedWith`: what lives in the cluster goes with it. */
  readonly resource: gcp.container.Cluster;
  /** Member of IAM policies that stands for the nodes: they pull the images. */
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
      // Nodes that start before they have their role cannot write logs and metrics.
      serviceAccount: after(account.email, role.id),
      diskKey: key.keyName,
    };
    this.resource = new gcp.container.Cluster(`${name}-gke`, clusterArgs(name, args, nodes), {
      parent: this,
      protect: args.protect ?? true,
      // They describe the pool that is removed at once.
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
    if (imageSources !== undefined) needed.push(admission(name, args, imageSources, cluster, this));
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
  const { project, region, network, key, allowedCidrs = [], ingress = false, protect = true } = args;
  const version = gkeVersion(args.version ?? GKE_DEFAULT_VERSION, name);
  return {
    project,
    location: region,
    deletionProtection: protect,
    releaseChannel: { channel: "REGULAR" },
    minMasterVersion: version,
    // The pool that comes with a cluster has Compute Engine's own account and no way to change: ours replace it.
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
      enablePrivateEndpoint: allowedCidrs.every(isPrivateCidr),
      masterGlobalAccessConfig: { enabled: false },
    },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: allowedCidrs.map((cidrBlock) => ({ cidrBlock })),
      gcpPublicCidrsAccessEnabled: false,
      privateEndpointEnforcementEnabled: true,
    },
    // The endpoint by DNS name is open to the whole internet behind IAM, which no list of networks narrows.
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
      enableComponents: MONITORED,
      managedPrometheus: { enabled: true },
      advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: false },
    },
    costManagementConfig: { enabled: true },
    addonsConfig: {
      gcePersistentDiskCsiDriverConfig: { enabled: true },
      horizontalPodAutoscaling: { disabled: false },
      httpLoadBalancing: { disabled: !ingress },
      // Its pods answer in place of kube-dns, to which alone network policies let others speak.
      dnsCacheConfig: { enabled: false },
    },
    gatewayApiConfig: { channel: ingress ? "CHANNEL_STANDARD" : "CHANNEL_DISABLED" },
    // Twelve hours on two days: GKE asks for at least 48 in 32 days.
    maintenancePolicy: {
      recurringWindow: {
        startTime: "2026-01-03T02:00:00Z",
        endTime: "2026-01-03T08:00:00Z",
        recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
      },
    },
  };
}

/** What GKE itself measures; DCGM are the GPUs. */
const MONITORED = [
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
    // Dataplane V2: it enforces network policies.
    datapathProvider: "ADVANCED_DATAPATH",
    enableIntranodeVisibility: true,
  };
}

/**
 * Lets this cluster run what Google itself ships for GKE and what the patterns name, and nothing else. The policy is
 * the project's only one: other clusters in it stay as they are by default.
 *
 * @see https://cloud.google.com/binary-authorization/docs/policy-yaml-reference
 */
function admission(
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
