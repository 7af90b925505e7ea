import type { ManagedRuntimeArgs } from "../platform/serving/managed-runtime.ts";
import type * as pulumi from "@pulumi/pulumi";

/** A repository of Artifact Registry that a service account may read. */
export interface ReadableRepository {
  location: string;
  /** Id of the repository: the last part of its full name. */
  name: string;
  /** The same as an output, known when the repository exists. @default - name */
  id?: pulumi.Input<string>;
}

/** Arguments of a model server outside of the cluster. The password of the feature store stays in Secret Manager. */
export interface GcpRuntimeArgs extends Omit<ManagedRuntimeArgs, "featureStore"> {
  /** Online feature store, for requests by entity and for the prediction log. @default none: callers bring all features */
  featureStore?: {
    /** `rediss://host:port` without a password. */
    url: pulumi.Input<string>;
    /** Name of the secret in Secret Manager that holds the password. */
    passwordSecret: pulumi.Input<string>;
    /** PEM of the certificate authority of Redis. @default - a public one */
    caCertificate?: pulumi.Input<string>;
  };
}

/** Throws unless `accountId` is a valid id of a service account. */
export function checkAccountId(owner: string, accountId: string): void {
  if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(accountId))
    throw new Error(
      `${owner}: accountId must be 6 to 30 lower-case letters, digits and hyphens, a letter first, got ${JSON.stringify(accountId)}`,
    );
}

/** Throws unless every member is a specific identity, such as `serviceAccount:gate@project.iam.gserviceaccount.com`. */
export function checkMembers(owner: string, members: readonly string[]): void {
  for (const member of members)
    if (!/^(serviceAccount|user|group|principal|principalSet|domain):/.test(member))
      throw new Error(
        `${owner}: invokers must be members such as serviceAccount:<email>, never allUsers, got ${JSON.stringify(member)}`,
      );
}
