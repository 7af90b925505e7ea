import { apply, type Kubectl } from "./kubectl.ts";

/** Returns a token of the cluster for the person who deploys and administers it. */
export async function deployerToken(kubectl: Kubectl): Promise<string> {
  await apply(
    kubectl,
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace: "kube-system" } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "deployer" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: "kube-system" }],
    },
  );
  const token = await kubectl(["--namespace=kube-system", "create", "token", "deployer", "--duration=12h"]);
  return token.trim();
}
