import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { RegistryError } from "../../runtime/artifacts/registry-error.ts";

/** Clouds' registries that make no repository on a push, by kind. The stack makes them. */
const MADE_BY_STACK: Readonly<Record<string, string>> = {
  ecr: "Amazon ECR",
  "artifact-registry": "Artifact Registry",
};

/** What to do where a repository is not there. */
function fixFor(kind: string, stack: string): string {
  const cloud = MADE_BY_STACK[kind];
  if (cloud === undefined) return "make it first, or let the registry make repositories on a push";
  return `${cloud} makes none on a push: start pulumi up --stack ${stack}, which makes them early, and run npm run mirror -- --stack ${stack} beside it once they are there`;
}

/** The registry of a stack, whose errors say what to do where a repository that is pushed to is not there. */
export function withRepositoryFix(
  client: RegistryClient,
  { kind, stack }: { kind: string; stack: string },
): RegistryClient {
  const explained = async <T>(repository: string, push: Promise<T>): Promise<T> => {
    try {
      return await push;
    } catch (error) {
      if (!(error instanceof RegistryError) || error.registryStatus !== 404) throw error;
      throw new Error(
        `mirror: ${client.name} must have a repository ${repository}, got none; ${fixFor(kind, stack)}`,
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
