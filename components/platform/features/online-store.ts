import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import type { FeatureStoreAccess } from "./feature-store-env.ts";
import type { StoreRole } from "./redis-users.ts";

/** The online feature store, which runs in the cluster or is managed by the cloud. It holds the latest feature values and the prediction logs. */
export interface OnlineStore {
  /** URL with `redis://` or `rediss://`, without the password. */
  readonly url: string | pulumi.Output<string>;
  /** Whether it runs in the cluster and is deleted with it. */
  readonly inCluster: boolean;
  /** Egress rules that let the pods of a client reach it. */
  readonly egress: readonly types.input.networking.v1.NetworkPolicyEgressRule[];
  /** Returns how the pods of an environment connect in a role. Throws if the environment is not a client. */
  accessFrom(environment: Environment, role: StoreRole): FeatureStoreAccess;
}
