import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ServiceAccountIdentity } from "./service-account-identity.ts";

/**
 * Returns the `deletedWith` option for a workload. Workloads that use only the cluster go with their namespace. One with a
 * cloud identity or a managed Redis is deleted first, so that both are still there while it shuts down.
 */
export function deletedWith(
  namespace: k8s.core.v1.Namespace,
  uses: {
    identity?: ServiceAccountIdentity | undefined;
    featureStore?: { readonly inCluster: boolean } | undefined;
  },
): Pick<pulumi.CustomResourceOptions, "deletedWith"> {
  const usesOnlyCluster = uses.identity === undefined && (uses.featureStore?.inCluster ?? true);
  return usesOnlyCluster ? { deletedWith: namespace } : {};
}
