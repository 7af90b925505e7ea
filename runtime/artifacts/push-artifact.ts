import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ARTIFACT_KINDS } from "../contract/artifact-kind.ts";
import type { ArtifactKind } from "../contract/artifact-kind.ts";
import { formatArtifactReference, parseArtifactReference } from "../contract/artifact-reference.ts";
import { BadInput } from "../errors.ts";
import { digestOf, digestOfFile } from "./digest.ts";
import { inParallel } from "./in-parallel.ts";
import { EMPTY_CONFIG, MANIFEST_TYPE, manifestBytes } from "./manifest.ts";
import type { ArtifactFile } from "./manifest.ts";
import { recordReferrer } from "./referrers.ts";
import type { RegistryClient } from "./registry-client.ts";

export interface PushArtifactOptions {
  repository: string;
  kind: ArtifactKind;
  /** Folder that holds `files`. */
  directory: string;
  /** Names in the artifact, relative to `directory`. The digest of a name alone is computed; a given one is checked by the registry. */
  files: readonly (string | ArtifactFile)[];
  /** Files whose bytes the repository has already. @default - none */
  present?: readonly ArtifactFile[];
  /** @default - none */
  annotations?: Readonly<Record<string, string>>;
  /** Reference, in the same repository, of the artifact that this one refers to. @default - none */
  subject?: string;
  /** Tag that is moved to the new artifact. @default - none */
  tag?: string;
}

/** Files that are uploaded at the same time. */
const PARALLEL = 4;

/** Pushes files as one OCI artifact and returns its reference. The same files give the same reference. */
export async function pushArtifact(registry: RegistryClient, options: PushArtifactOptions): Promise<string> {
  const { repository, kind, directory } = options;
  const files: ArtifactFile[] = [];
  for (const file of options.files)
    files.push(typeof file === "string" ? await described(directory, file) : file);
  const subject =
    options.subject === undefined ? undefined : await subjectOf(registry, repository, options.subject);
  const all = [...files, ...(options.present ?? [])];
  const bytes = manifestBytes({ kind, files: all, annotations: options.annotations, subject });
  const distinct = new Map(files.map((file) => [file.digest, file])).values();
  await inParallel(distinct, PARALLEL, ({ digest, name }) =>
    registry.pushBlob(repository, digest, join(directory, name)),
  );
  await registry.pushBlob(repository, EMPTY_CONFIG.digest, Buffer.from("{}"));
  const digest = digestOf(bytes);
  const kept = await registry.putManifest(repository, digest, bytes);
  if (subject !== undefined && !kept)
    await recordReferrer(registry, repository, subject.digest, {
      mediaType: MANIFEST_TYPE,
      artifactType: ARTIFACT_KINDS[kind],
      digest,
      size: bytes.length,
      ...(options.annotations === undefined ? {} : { annotations: { ...options.annotations } }),
    });
  if (options.tag !== undefined) await registry.putManifest(repository, options.tag, bytes);
  return formatArtifactReference({ repository, digest });
}

async function described(directory: string, name: string): Promise<ArtifactFile> {
  const path = join(directory, name);
  return { name, digest: await digestOfFile(path), size: (await stat(path)).size };
}

async function subjectOf(
  registry: RegistryClient,
  repository: string,
  reference: string,
): Promise<{ digest: string; size: number }> {
  const subject = parseArtifactReference(reference);
  const manifest =
    subject.repository === repository ? await registry.getManifest(repository, subject.digest) : undefined;
  if (manifest === undefined)
    throw new BadInput(`artifact: subject must be in repository ${repository}, got ${reference}`);
  return { digest: subject.digest, size: manifest.bytes.length };
}
