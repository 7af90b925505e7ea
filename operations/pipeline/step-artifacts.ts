import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import {
  artifactRepository,
  isWorkloadKind,
  type ArtifactKind,
} from "../../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { LATEST } from "../../runtime/contract/moving-tags.ts";

/** The repository of a kind of artifact, of a workload or one of its models. */
export function repositoryOf(kind: ArtifactKind, workload: string, model: string | undefined): string {
  if (isWorkloadKind(kind)) return artifactRepository(workload, kind);
  if (model === undefined) throw new Error(`an artifact of kind ${kind} belongs to a model, got none`);
  return artifactRepository(workload, kind, model);
}

/** Reference behind a tag; undefined where there is none. */
export async function taggedReference(
  registry: RegistryClient,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const digest = await registry.resolveTag(repository, tag);
  return digest === undefined ? undefined : `${repository}@${digest}`;
}

/** Tag of the artifact that a step made of these inputs: it never moves. */
const inputsTag = (hash: string): string => `inputs-${hash}`;

/** The artifact that an earlier run made of the same inputs with the same image. */
export function knownArtifact(
  registry: RegistryClient,
  repository: string,
  hash: string,
): Promise<string | undefined> {
  return taggedReference(registry, repository, inputsTag(hash));
}

/** Tags what a step made as the latest of its kind, and as the artifact of its inputs. */
export async function tagArtifact(registry: RegistryClient, reference: string, hash: string): Promise<void> {
  const { repository, digest } = parseArtifactReference(reference);
  await registry.putTag(repository, LATEST, digest);
  if ((await registry.resolveTag(repository, inputsTag(hash))) === undefined)
    await registry.putTag(repository, inputsTag(hash), digest);
}
