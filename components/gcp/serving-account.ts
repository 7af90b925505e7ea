import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { ReadableRepository } from "./managed-container.ts";

export interface ServingAccountOptions {
  project: pulumi.Input<string>;
  /** Id of the account: 6 to 30 characters. */
  accountId: string;
  displayName: string;
  /** Repositories that the account may read. */
  repositories: readonly ReadableRepository[];
}

export interface ServingAccount {
  account: gcp.serviceaccount.Account;
  /** Grants of read access to the repositories. */
  reads: gcp.artifactregistry.RepositoryIamMember[];
}

/** Creates the service account of a model server, which may only read the given repositories. */
export function servingAccount(
  name: string,
  { project, accountId, displayName, repositories }: ServingAccountOptions,
  childOptions: pulumi.CustomResourceOptions,
): ServingAccount {
  const account = new gcp.serviceaccount.Account(
    `${name}-account`,
    { project, accountId, displayName },
    childOptions,
  );
  const reads = repositories.map(
    (repository) =>
      new gcp.artifactregistry.RepositoryIamMember(
        `${name}-reads-${repository.name}`,
        {
          project,
          location: repository.location,
          repository: repository.id ?? repository.name,
          role: "roles/artifactregistry.reader",
          member: account.member,
        },
        childOptions,
      ),
  );
  return { account, reads };
}
