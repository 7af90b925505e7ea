import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import {
  artifactRepository,
  isWorkloadKind,
  type ArtifactKind,
} from "../../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { LATEST, movingTagsOf } from "../../runtime/contract/moving-tags.ts";

/** Returns the repository of a kind of artifact, of a workload or of one of its models. */
export function repositoryOf(kind: ArtifactKind, workload: string, model: string | undefined): string {
  if (isWorkloadKind(kind)) return artifactRepository(workload, kind);
  if (model === undefined) throw new Error(`an artifact of kind ${kind} belongs to a model, got none`);
  return artifactRepository(workload, kind, model);
}

/** Returns the reference of a tag; undefined where there is no such tag. */
export async function taggedReference(
  registry: RegistryClient,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const digest = await registry.resolveTag(repository, tag);
  return digest === undefined ? undefined : `${repository}@${digest}`;
}

/** Returns the tag of a step's artifact by the hash of the inputs. The tag never moves. */
const inputsTag = (hash: string): string => `inputs-${hash}`;

/** Returns the artifact of an earlier run with the same inputs and the same image. */
export function knownArtifact(
  registry: RegistryClient,
  repository: string,
  hash: string,
): Promise<string | undefined> {
  return taggedReference(registry, repository, inputsTag(hash));
}

/** Tags the artifact of a step as the latest of its kind, if that tag may move, and with the hash of its inputs. */
export async function tagArtifact(registry: RegistryClient, reference: string, hash: string): Promise<void> {
  const { repository, digest } = parseArtifactReference(reference);
  if (movingTagsOf(repository).includes(LATEST)) await registry.putTag(repository, LATEST, digest);
  if ((await registry.resolveTag(repository, inputsTag(hash))) === undefined)
    await registry.putTag(repository, inputsTag(hash), digest);
}
