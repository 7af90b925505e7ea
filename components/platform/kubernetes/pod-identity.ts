import * as k8s from "@pulumi/kubernetes";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import { deletedWith } from "./deleted-with.ts";
import type { ServiceAccountIdentity } from "./service-account-identity.ts";

/** What the pods of a workload use. The arguments of most components satisfy this. */
export interface PodDependencies {
  environment: Environment;
  /** Cloud identity of the pods. @default none */
  identity?: ServiceAccountIdentity | undefined;
  /** @default none */
  featureStore?: { readonly inCluster: boolean };
}

export interface PodIdentity {
  account: k8s.core.v1.ServiceAccount;
  /** Options of objects that are deleted together with the namespace. */
  childOptions: pulumi.CustomResourceOptions;
  /** Options of objects that run pods: those are deleted before a cloud identity or a managed Redis that the pods use. */
  podOptions: pulumi.CustomResourceOptions;
}

/** Creates the ServiceAccount of a workload's pods. Returns it with the options for the workload's other objects. */
export function createPodIdentity(
  name: string,
  { environment, identity, featureStore }: PodDependencies,
  metadata: types.input.meta.v1.ObjectMeta,
  parent: pulumi.Resource,
): PodIdentity {
  const podOptions = { parent, ...deletedWith(environment.resource, { identity, featureStore }) };
  const account = new k8s.core.v1.ServiceAccount(
    `${name}-account`,
    { metadata: { ...metadata, annotations: identity?.annotations }, automountServiceAccountToken: false },
    { ...podOptions, dependsOn: identity?.resource ?? [] },
  );
  return { account, childOptions: { parent, deletedWith: environment.resource }, podOptions };
}
