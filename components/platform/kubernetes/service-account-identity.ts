import type * as pulumi from "@pulumi/pulumi";

/** Binds a Kubernetes service account to a cloud identity. Each cloud fills in only the fields that it needs. */
export interface ServiceAccountIdentity {
  /** Annotations of the ServiceAccount, such as `eks.amazonaws.com/role-arn`. */
  annotations: Record<string, pulumi.Input<string>>;
  /** Labels of the pods that use it, such as `azure.workload.identity/use`. */
  podLabels: Record<string, string>;
  /** Whether pods get their token from the node's metadata service (GKE). A network policy must then allow that. */
  usesMetadataService: boolean;
  /** The identity with its rights. The service account is created after it and deleted before it. @default - nothing to wait for */
  resource?: pulumi.Resource;
}
