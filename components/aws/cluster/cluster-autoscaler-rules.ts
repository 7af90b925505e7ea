import type { types } from "@pulumi/kubernetes";

type Rule = types.input.rbac.v1.PolicyRule;

/** Name of the lease by which the replicas choose a leader. */
export const LEASE = "cluster-autoscaler";

const READ = ["get", "list", "watch"];

/**
 * RBAC rules that Cluster Autoscaler needs in the whole cluster.
 * @see https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-1.36.0/cluster-autoscaler/cloudprovider/aws/examples/cluster-autoscaler-autodiscover.yaml
 */
export function autoscalerClusterRules(): Rule[] {
  return [
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
    { apiGroups: [""], resources: ["pods/status"], verbs: ["update"] },
    { apiGroups: [""], resources: ["nodes"], verbs: [...READ, "update"] },
    {
      apiGroups: [""],
      resources: [
        "namespaces",
        "persistentvolumeclaims",
        "persistentvolumes",
        "pods",
        "replicationcontrollers",
        "services",
      ],
      verbs: READ,
    },
    { apiGroups: ["apps"], resources: ["daemonsets", "replicasets", "statefulsets"], verbs: READ },
    { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: READ },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: READ },
    {
      apiGroups: ["storage.k8s.io"],
      resources: ["csidrivers", "csinodes", "csistoragecapacities", "storageclasses", "volumeattachments"],
      verbs: READ,
    },
    {
      apiGroups: ["resource.k8s.io"],
      resources: ["deviceclasses", "resourceclaims", "resourceslices"],
      verbs: READ,
    },
  ];
}

/** RBAC rules that it needs in its own namespace, for its lease and its status report. */
export function autoscalerNamespaceRules(): Rule[] {
  return [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
    {
      apiGroups: ["coordination.k8s.io"],
      resources: ["leases"],
      resourceNames: [LEASE],
      verbs: ["get", "update"],
    },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "list", "watch"] },
    {
      apiGroups: [""],
      resources: ["configmaps"],
      resourceNames: ["cluster-autoscaler-status"],
      verbs: ["get", "update", "delete"],
    },
  ];
}
