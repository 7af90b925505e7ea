import * as k8s from "@pulumi/kubernetes";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import { deletedWith } from "./deleted-with.ts";
import type { ServiceAccountIdentity } from "./service-account-identity.ts";

export interface PodIdentityOptions {
  parent: pulumi.Resource;
  environment: Environment;
  /** Metadata of the ServiceAccount. */
  metadata: types.input.meta.v1.ObjectMeta;
  /** Identity of the pods in the cloud. */
  identity: ServiceAccountIdentity | undefined;
  featureStore: { readonly inCluster: boolean };
}

export interface PodIdentity {
  account: k8s.core.v1.ServiceAccount;
  /** Options of what goes together with the namespace. */
  childOptions: pulumi.CustomResourceOptions;
  /** Options of what runs pods: those may use a cloud identity or a managed Redis, and must go before these do. */
  podOptions: pulumi.CustomResourceOptions;
}

/** Creates the ServiceAccount of a workload's pods, and says with which options its resources are created. */
export function podIdentity(name: string, options: PodIdentityOptions): PodIdentity {
  const { parent, environment, metadata, identity, featureStore } = options;
  const podOptions = { parent, ...deletedWith(environment.resource, { identity, featureStore }) };
  const account = new k8s.core.v1.ServiceAccount(
    `${name}-account`,
    { metadata: { ...metadata, annotations: identity?.annotations }, automountServiceAccountToken: false },
    { ...podOptions, dependsOn: identity?.resource ?? [] },
  );
  return { account, childOptions: { parent, deletedWith: environment.resource }, podOptions };
}
