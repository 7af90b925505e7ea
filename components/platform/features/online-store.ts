import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import type { FeatureStoreAccess } from "./feature-store-env.ts";
import type { StoreRole } from "./redis-users.ts";

/** The online feature store, whoever runs it: it holds the latest feature values and the prediction logs. */
export interface OnlineStore {
  /** `redis://` or `rediss://`, without the password. */
  readonly url: string | pulumi.Output<string>;
  /** Whether it lives in the cluster, and ends with it. */
  readonly inCluster: boolean;
  /** Egress rules of network policies: what its clients' pods need to reach it. */
  readonly egress: readonly types.input.networking.v1.NetworkPolicyEgressRule[];
  /** How the pods of an environment reach it in a role. Throws if the environment is not one of its clients. */
  accessFrom(environment: Environment, role: StoreRole): FeatureStoreAccess;
}
