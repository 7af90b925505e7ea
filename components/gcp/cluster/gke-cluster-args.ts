import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { isPrivateCidr } from "../../platform/kubernetes/private-cidr.ts";
import { autoProvisioning } from "./gke-auto-provisioning.ts";
import type { AutoProvisioning } from "../../platform/nodes/auto-provisioning.ts";
import type { GcpKey } from "../key.ts";
import type { GcpNetwork } from "../network.ts";
import type { GkeGpuPoolSettings } from "./gke-gpu-node-pool.ts";
import type { GkeNodeIdentity } from "./gke-node-config.ts";
import type { GkeNodePoolSettings } from "./gke-node-pool.ts";
import type { GkeTpuPoolSettings } from "./gke-tpu-node-pool.ts";

export interface GkeArgs {
  project: pulumi.Input<string>;
  region: string;
  network: GcpNetwork;
  /** Encrypts the Secrets of the cluster and the disks of its nodes; its users must include GKE and Compute Engine. */
  key: GcpKey;
  /** Lowest minor version of Kubernetes; the Regular channel upgrades it later. @default "1.36" */
  version?: string;
  /**
   * Networks that may reach the API server. Without a public one the cluster has no public endpoint.
   * @default []: only the cluster's own subnet reaches it
   */
  adminCidrs?: readonly string[];
  /** Two or three zones of the region for the nodes. @default - three that Google chooses */
  zones?: readonly string[];
  /** Nodes for the cluster's own components, with a taint that other pods do not tolerate. @default 1 to 3 of e2-standard-4, 50 GiB */
  systemPool?: Partial<GkeNodePoolSettings>;
  /** Nodes for everything else. @default 1 to 6 of e2-standard-4 */
  cpuPool?: Partial<GkeNodePoolSettings>;
  /**
   * Lets GKE create node pools for pending pods, up to limits of the whole cluster, pools included. `spot` is not used: GKE takes spot
   * nodes only for pods that ask for them.
   * @default - none: only these pools grow
   */
  autoProvisioning?: AutoProvisioning;
  /** GPU pools by name. @default none */
  gpuPools?: Readonly<Record<string, GkeGpuPoolSettings>>;
  /** TPU pools by name. @default none */
  tpuPools?: Readonly<Record<string, GkeTpuPoolSettings>>;
  /**
   * Images that may run in addition to GKE's own, as patterns of Binary Authorization. Replaces the Binary Authorization policy of the
   * whole project.
   * @default - none: the policy that the project has applies
   */
  imageSources?: readonly string[];
  /** Let pods mount secrets of Secret Manager. @default false */
  secretManager?: boolean;
  /** Run the agent of Backup for GKE, which a `GkeBackup` needs. @default false */
  backupAgent?: boolean;
  /** Let GKE create load balancers for Gateways. @default false */
  ingress?: boolean;
  /** Refuse to delete the cluster. @default true */
  protect?: boolean;
}

/** Returns the inputs of the control plane of a cluster with a version that GKE has. */
export function clusterArgs(
  args: GkeArgs,
  { nodes, version }: { nodes: GkeNodeIdentity; version: string },
): gcp.container.ClusterArgs {
  const { project, region, network, key, zones, adminCidrs = [], ingress = false, protect = true } = args;
  return {
    project,
    location: region,
    ...(zones === undefined ? {} : { nodeLocations: [...zones] }),
    deletionProtection: protect,
    releaseChannel: { channel: "REGULAR" },
    minMasterVersion: version,
    // The default pool cannot be changed later, so it is removed and our own pools replace it.
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    nodeConfig: {
      serviceAccount: nodes.serviceAccount,
      // Persistent SSD disks have a small quota in a fresh project (SSD_TOTAL_GB), standard disks do not count to it.
      diskType: "pd-standard",
      diskSizeGb: 20,
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      workloadMetadataConfig: { mode: "GKE_METADATA" },
    },
    ...networking(network),
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: adminCidrs.every(isPrivateCidr),
      // A private network of those who administer may be in another region, or reach the endpoint from one by VPN.
      masterGlobalAccessConfig: { enabled: adminCidrs.some(isPrivateCidr) },
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
    ...(args.autoProvisioning === undefined
      ? {}
      : { clusterAutoscaling: autoProvisioning(args.autoProvisioning, nodes, zones) }),
    costManagementConfig: { enabled: true },
    addonsConfig: {
      gcePersistentDiskCsiDriverConfig: { enabled: true },
      horizontalPodAutoscaling: { disabled: false },
      httpLoadBalancing: { disabled: !ingress },
      // A cache on each node, because busy namespaces overload kube-dns. The network policies of Environment let pods reach it.
      dnsCacheConfig: { enabled: true },
      ...(args.backupAgent === true ? { gkeBackupAgentConfig: { enabled: true } } : {}),
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
