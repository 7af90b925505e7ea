import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

type Rules = k8s.types.input.rbac.v1.PolicyRule[];

export interface RightsArgs {
  account: k8s.core.v1.ServiceAccount;
  /** Name and labels of the roles and bindings, and the namespace of the account. */
  metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> };
  /** Rights in the namespace of the account. */
  namespaceRules: Rules;
  /** Rights in the whole cluster. @default - none */
  clusterRules?: Rules;
}

/** Gives a service account rights, and returns the bindings: pods that depend on them have the rights from the first to the last. */
export function grantRights(
  prefix: string,
  { account, metadata, namespaceRules, clusterRules }: RightsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { namespace, ...inCluster } = metadata;
  const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];
  const roleRef = (
    kind: string,
    { name }: { name: pulumi.Output<string> },
  ): k8s.types.input.rbac.v1.RoleRef => ({
    apiGroup: "rbac.authorization.k8s.io",
    kind,
    name,
  });
  const bindings: pulumi.Resource[] = [];
  if (clusterRules !== undefined) {
    const role = new k8s.rbac.v1.ClusterRole(
      `${prefix}-cluster-role`,
      { metadata: inCluster, rules: clusterRules },
      opts,
    );
    bindings.push(
      new k8s.rbac.v1.ClusterRoleBinding(
        `${prefix}-cluster-binding`,
        { metadata: inCluster, roleRef: roleRef("ClusterRole", role.metadata), subjects },
        opts,
      ),
    );
  }
  const role = new k8s.rbac.v1.Role(`${prefix}-role`, { metadata, rules: namespaceRules }, opts);
  bindings.push(
    new k8s.rbac.v1.RoleBinding(
      `${prefix}-binding`,
      { metadata, roleRef: roleRef("Role", role.metadata), subjects },
      opts,
    ),
  );
  return bindings;
}
