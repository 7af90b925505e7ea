import type { types } from "@pulumi/kubernetes";

type Rule = types.input.rbac.v1.PolicyRule;

/** Name of the lease by which the replicas choose a leader. */
export const LEASE = "aws-load-balancer-controller-leader";

const READ = ["get", "list", "watch"];

/**
 * RBAC rules that AWS Load Balancer Controller needs in the whole cluster to register the pods of TargetGroupBindings. It watches
 * Ingresses too, but may not change them.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/config/rbac/role.yaml
 */
export function targetGroupClusterRules(): Rule[] {
  return [
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: [""], resources: ["endpoints", "namespaces", "nodes", "pods", "services"], verbs: READ },
    { apiGroups: [""], resources: ["pods/status"], verbs: ["patch", "update"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
    { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "ingressclasses"], verbs: READ },
    {
      apiGroups: ["elbv2.k8s.aws"],
      resources: ["albtargetcontrolconfigs", "ingressclassparams"],
      verbs: READ,
    },
    {
      apiGroups: ["elbv2.k8s.aws"],
      resources: ["targetgroupbindings"],
      verbs: [...READ, "patch", "update"],
    },
    {
      apiGroups: ["elbv2.k8s.aws"],
      resources: ["targetgroupbindings/status", "targetgroupbindings/finalizers"],
      verbs: ["patch", "update"],
    },
  ];
}

/** RBAC rules that it needs in its own namespace, for its lease. */
export function targetGroupLeaseRules(): Rule[] {
  return [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
    {
      apiGroups: ["coordination.k8s.io"],
      resources: ["leases"],
      resourceNames: [LEASE],
      verbs: ["get", "patch", "update"],
    },
  ];
}
