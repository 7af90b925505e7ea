/** Logs of the control plane that are kept: all that say who did what, without the many lines of reads. @see https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs */
export const AKS_LOGS = [
  "kube-apiserver",
  "kube-audit-admin",
  "kube-controller-manager",
  "kube-scheduler",
  "cluster-autoscaler",
  "cloud-controller-manager",
  "guard",
] as const;

/** Addresses of pods and services, apart from those of the network and of each other. */
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

/** Upgrades by themselves: patches within the minor version, and a fresh node image every week. */
export const AKS_UPGRADES = { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" } as const;

/** Nodes leave when they have had no work for five minutes: idle GPUs are what costs. */
export const AKS_AUTOSCALER = {
  expander: "least-waste",
  balanceSimilarNodeGroups: "true",
  scaleDownUnneededTime: "5m",
  scaleDownDelayAfterAdd: "5m",
  skipNodesWithLocalStorage: "false", // emptyDir: every pod of the runtime has one
  skipNodesWithSystemPods: "true",
} as const;

/** One more node than needed while upgrading, and 30 minutes for its pods to leave. */
export const AKS_POOL_UPGRADES = { maxSurge: "1", drainTimeoutInMinutes: 30 } as const;

/** Nodes of a pool, of which the autoscaler decides how many there are. */
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

/** Properties of a pool of spot nodes; AKS labels and taints them `kubernetes.azure.com/scalesetpriority=spot` by itself. */
export const AKS_SPOT = {
  scaleSetPriority: "Spot",
  scaleSetEvictionPolicy: "Delete",
  spotMaxPrice: -1,
} as const;
/** Taint of spot nodes, which has to be in a pool's inputs too, or every preview shows it as a change. */
export const AKS_SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule";
/** Label of spot nodes, for the same reason. */
export const AKS_SPOT_LABEL = { "kubernetes.azure.com/scalesetpriority": "spot" } as const;

/** Nodes boot only what is signed. Not those with GPUs: NVIDIA's modules are built on the node. */
export const AKS_TRUSTED_LAUNCH = { enableSecureBoot: true, enableVTPM: true } as const;
