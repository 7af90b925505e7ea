/** A taint of a node, as Kubernetes has it. */
export interface Taint {
  key: string;
  value: string;
  effect: "NoSchedule" | "NoExecute" | "PreferNoSchedule";
}

/** What a node of a pool is going to have. */
export interface NodeTemplate {
  labels: Readonly<Record<string, string>>;
  taints: readonly Taint[];
  /** Resources that its machine type alone does not tell, such as GPUs that are shared. */
  resources: Readonly<Record<string, number>>;
}

const PREFIX = "k8s.io/cluster-autoscaler/node-template";

/**
 * Tags of an Auto Scaling group that tell Cluster Autoscaler what a node has while there is none to look at.
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md#auto-discovery-setup
 */
export function autoscalerTags({ labels, taints, resources }: NodeTemplate): Record<string, string> {
  return Object.fromEntries([
    ...Object.entries(labels).map(([key, value]) => [`${PREFIX}/label/${key}`, value]),
    ...taints.map(({ key, value, effect }) => [`${PREFIX}/taint/${key}`, `${value}:${effect}`]),
    ...Object.entries(resources).map(([key, count]) => [`${PREFIX}/resources/${key}`, String(count)]),
  ]) as Record<string, string>;
}
