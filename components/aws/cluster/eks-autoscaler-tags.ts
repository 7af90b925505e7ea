import type * as pulumi from "@pulumi/pulumi";

/** A node taint in Kubernetes' terms. */
export interface Taint {
  key: string;
  value: string;
  effect: "NoSchedule" | "NoExecute" | "PreferNoSchedule";
}

/** Labels, taints and resources that a future node of a pool will have. */
export interface NodeTemplate {
  labels: Readonly<Record<string, pulumi.Input<string>>>;
  taints: readonly Taint[];
  /** Resources that the autoscaler cannot derive from the machine type, such as shared GPUs. */
  resources: Readonly<Record<string, number>>;
}

const PREFIX = "k8s.io/cluster-autoscaler/node-template";

/**
 * Returns the tags of an Auto Scaling group that describe its nodes to Cluster Autoscaler while the group is empty.
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md#auto-discovery-setup
 */
export function autoscalerTags({
  labels,
  taints,
  resources,
}: NodeTemplate): Record<string, pulumi.Input<string>> {
  return Object.fromEntries([
    ...Object.entries(labels).map(([key, value]) => [`${PREFIX}/label/${key}`, value]),
    ...taints.map(({ key, value, effect }) => [`${PREFIX}/taint/${key}`, `${value}:${effect}`]),
    ...Object.entries(resources).map(([key, count]) => [`${PREFIX}/resources/${key}`, String(count)]),
  ]) as Record<string, pulumi.Input<string>>;
}
