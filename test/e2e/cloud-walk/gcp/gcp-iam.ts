import { textOf, type Account, type CloudResource } from "../account/account.ts";
import { PROJECT } from "./gcp-place.ts";

/** The person who deploys, an owner of the project. */
export const OWNER = "user:deployer@example.com";

export type RepositoryPermission = "downloadArtifacts" | "uploadArtifacts" | "deleteArtifacts";

/** Permissions of the roles for repositories. @see https://cloud.google.com/artifact-registry/docs/access-control */
const REPOSITORY_ROLES: Readonly<Record<string, readonly RepositoryPermission[]>> = {
  "roles/artifactregistry.reader": ["downloadArtifacts"],
  "roles/artifactregistry.writer": ["downloadArtifacts", "uploadArtifacts"],
};

/** IAM of the project: the APIs and the grants that stacks have made in it. */
export class GcpIam {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Whether an API is switched on, such as `secretmanager`. */
  isEnabled(api: string): boolean {
    return this.#account
      .ofType("gcp:projects/service:Service")
      .some(({ inputs }) => inputs["service"] === `${api}.googleapis.com`);
  }

  mayUseRepository(member: string, permission: RepositoryPermission, repositoryId: string): boolean {
    return this.#granted(member, "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", (inputs) => {
      const permissions = REPOSITORY_ROLES[textOf(inputs, "role")] ?? [];
      return (
        inputs["project"] === PROJECT &&
        inputs["repository"] === repositoryId &&
        permissions.includes(permission)
      );
    });
  }

  mayReadSecret(member: string, secretId: string): boolean {
    return this.#granted(
      member,
      "gcp:secretmanager/secretIamMember:SecretIamMember",
      (inputs) => inputs["secretId"] === secretId && inputs["role"] === "roles/secretmanager.secretAccessor",
    );
  }

  /** Whether a member may get tokens of a service account. */
  mayActAs(member: string, email: string): boolean {
    return this.#granted(
      member,
      "gcp:serviceaccount/iAMMember:IAMMember",
      (inputs) =>
        textOf(inputs, "serviceAccountId").endsWith(`/${email}`) &&
        inputs["role"] === "roles/iam.workloadIdentityUser",
    );
  }

  #granted(member: string, type: string, applies: (inputs: CloudResource["inputs"]) => boolean): boolean {
    if (member === OWNER) return true;
    return this.#account.ofType(type).some(({ inputs }) => inputs["member"] === member && applies(inputs));
  }
}
