import { machineArchitecture } from "../../platform/kubernetes/architecture.ts";

/** Categories of control plane logs that are kept: all that record changes, without the large audit log of reads. @see https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs */
export const AKS_LOGS = [
  "kube-apiserver",
  "kube-audit-admin",
  "kube-controller-manager",
  "kube-scheduler",
  "cluster-autoscaler",
  "cloud-controller-manager",
  "guard",
] as const;

/** Network settings. The ranges of pods and services must not overlap with each other or with the virtual network. */
export const AKS_NETWORK = {
  networkPlugin: "azure",
  networkPluginMode: "overlay",
  networkDataplane: "cilium",
  networkPolicy: "cilium",
  loadBalancerSku: "standard",
  outboundType: "userAssignedNATGateway",
  podCidr: "10.244.0.0/16",
  serviceCidr: "10.245.0.0/16",
  dnsServiceIP: "10.245.0.10",
} as const;

/** Automatic upgrades: patches within the minor version, and a new node image every week. */
export const AKS_UPGRADES = { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" } as const;

/** Settings of the autoscaler. It removes nodes after five idle minutes, because idle GPUs are expensive. */
export const AKS_AUTOSCALER = {
  expander: "least-waste",
  balanceSimilarNodeGroups: "true",
  scaleDownUnneededTime: "5m",
  scaleDownDelayAfterAdd: "5m",
  skipNodesWithLocalStorage: "false", // every runtime pod has an emptyDir volume
  skipNodesWithSystemPods: "true",
} as const;

/** Upgrades with one extra node, and 30 minutes to drain a node. */
export const AKS_POOL_UPGRADES = { maxSurge: "1", drainTimeoutInMinutes: 30 } as const;

/** Size of a pool that the autoscaler scales between `min` and `max`. */
export function aksScale(
  min: number,
  max: number,
): {
  enableAutoScaling: boolean;
  count: number;
  minCount: number;
  maxCount: number;
} {
  return { enableAutoScaling: true, count: min, minCount: min, maxCount: max };
}

/** Properties of a pool of spot nodes. AKS adds the label and the taint `kubernetes.azure.com/scalesetpriority=spot` itself. */
export const AKS_SPOT = {
  scaleSetPriority: "Spot",
  scaleSetEvictionPolicy: "Delete",
  spotMaxPrice: -1,
} as const;
/** Taint of spot nodes. It must be in the inputs of a pool too; otherwise every preview shows it as a change. */
export const AKS_SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule";
/** Label of spot nodes; it must be in the inputs for the same reason. */
export const AKS_SPOT_LABEL = { "kubernetes.azure.com/scalesetpriority": "spot" } as const;

/** Secure boot. GPU nodes cannot use it, because NVIDIA's kernel modules are built on the node and are not signed. */
const AKS_TRUSTED_LAUNCH = { enableSecureBoot: true, enableVTPM: true } as const;

/** Returns the size of a pool that stays at `count` nodes. */
export function aksFixedScale(count: number): { enableAutoScaling: boolean; count: number } {
  return { enableAutoScaling: false, count };
}

/** Returns the security profile of nodes without GPUs: secure boot, but for Arm machines, which AKS offers no Trusted Launch for. */
export function aksTrustedLaunch(machine: string): typeof AKS_TRUSTED_LAUNCH | undefined {
  return machineArchitecture(machine) === "arm64" ? undefined : AKS_TRUSTED_LAUNCH;
}
