import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { RegistryError } from "../../runtime/artifacts/registry-error.ts";

/** Cloud registries, by kind, that do not create a repository on a push. The stack creates the repositories. */
const CREATED_BY_STACK: Readonly<Record<string, string>> = {
  ecr: "Amazon ECR",
  "artifact-registry": "Artifact Registry",
};

export interface RepositoryFixOptions {
  /** Kind of the registry in the config. */
  kind: string;
  stack: string;
  /** The command that pushes. */
  command: "mirror" | "restore";
  /** Stack that creates the repositories. @default - `stack` */
  owner?: string | undefined;
}

/** Says what to do where a repository is missing. */
function fixFor({ kind, stack, command, owner }: RepositoryFixOptions): string {
  const cloud = CREATED_BY_STACK[kind];
  if (cloud === undefined) return "create it first, or let the registry create repositories on a push";
  const first =
    owner === undefined
      ? `bring up the registry of stack ${stack} first`
      : `deploy the foundation first (pulumi up --stack ${owner})`;
  return `${cloud} creates none on a push: ${first}, and run npm run ${command} -- --stack ${stack} again`;
}

/** Wraps the client of a stack's registry: a push to a missing repository fails with an error that says what to do. */
export function withRepositoryFix(client: RegistryClient, options: RepositoryFixOptions): RegistryClient {
  const explained = async <T>(repository: string, push: Promise<T>): Promise<T> => {
    try {
      return await push;
    } catch (error) {
      if (!(error instanceof RegistryError) || error.registryStatus !== 404) throw error;
      throw new Error(
        `${options.command}: ${client.name} must have a repository ${repository}, got none; ${fixFor(options)}`,
        { cause: error },
      );
    }
  };
  return {
    ...client,
    pushBlob: (repository, ...blob) => explained(repository, client.pushBlob(repository, ...blob)),
    putManifest: (repository, ...manifest) =>
      explained(repository, client.putManifest(repository, ...manifest)),
  };
}
