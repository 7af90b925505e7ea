import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ServiceAccountIdentity } from "./service-account-identity.ts";

/**
 * With what a pod's owner is deleted: its namespace. One that uses something outside of the cluster is deleted by itself and
 * first, as that has to outlive it and the namespace does not wait for it.
 */
export function deletedWith(
  namespace: k8s.core.v1.Namespace,
  uses: { identity: ServiceAccountIdentity | undefined; featureStore: { readonly inCluster: boolean } },
): Pick<pulumi.CustomResourceOptions, "deletedWith"> {
  return uses.identity === undefined && uses.featureStore.inCluster ? { deletedWith: namespace } : {};
}
