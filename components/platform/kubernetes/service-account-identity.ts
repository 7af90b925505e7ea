import type * as pulumi from "@pulumi/pulumi";

/** Binds a Kubernetes service account to a cloud identity. Each cloud fills in only the fields that it needs. */
export interface ServiceAccountIdentity {
  /** Annotations of the ServiceAccount, such as `eks.amazonaws.com/role-arn`. */
  annotations: Record<string, pulumi.Input<string>>;
  /** Labels of the pods that use it, such as `azure.workload.identity/use`. */
  podLabels: Record<string, string>;
  /** Whether pods ask the node's metadata service for their token, so that a network policy has to let them (GKE). */
  usesMetadataService: boolean;
  /** The identity and what it may do: there before the service account, and gone after it. @default - nothing to wait for */
  resource?: pulumi.Resource;
}
