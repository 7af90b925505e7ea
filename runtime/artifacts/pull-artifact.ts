import { mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ARTIFACT_KINDS } from "../contract/artifact-kind.ts";
import type { ArtifactKind } from "../contract/artifact-kind.ts";
import { parseArtifactReference } from "../contract/artifact-reference.ts";
import { Corrupt, NotFound } from "../errors.ts";
import { digestOfFile } from "./digest.ts";
import { manifestFiles, manifestSchema } from "./manifest.ts";
import type { ArtifactFile, Manifest } from "./manifest.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Reads the manifest of an artifact and checks it against the digest in its reference and, if given, the expected kind. */
export async function readManifest(
  registry: RegistryClient,
  reference: string,
  kind?: ArtifactKind,
): Promise<Manifest> {
  const { repository, digest } = parseArtifactReference(reference);
  const raw = await registry.getManifest(repository, digest);
  if (raw === undefined) throw new NotFound(`artifact: no ${reference} in registry ${registry.name}`);
  const manifest = manifestSchema.safeParse(parseJson(raw.bytes));
  if (!manifest.success) throw new Corrupt(`artifact: ${reference} must be an OCI artifact manifest`);
  const expected = kind === undefined ? manifest.data.artifactType : ARTIFACT_KINDS[kind];
  if (manifest.data.artifactType !== expected)
    throw new Corrupt(
      `artifact: ${reference} must be of type ${expected}, got ${manifest.data.artifactType}`,
    );
  return manifest.data;
}

/**
 * Pulls every file of an artifact into `directory` and verifies its digest. Files that exist with the right content are kept.
 * Throws Corrupt if the directory holds a file that does not belong to the artifact.
 */
export async function pullArtifact(
  registry: RegistryClient,
  reference: string,
  directory: string,
  kind?: ArtifactKind,
): Promise<ArtifactFile[]> {
  const { repository } = parseArtifactReference(reference);
  const files = manifestFiles(await readManifest(registry, reference, kind));
  await mkdir(directory, { recursive: true });
  for (const file of files) {
    const path = join(directory, file.name);
    if ((await sizeOf(path)) === file.size && (await digestOfFile(path)) === file.digest) continue;
    await mkdir(dirname(path), { recursive: true });
    await registry.pullBlob(repository, file, path);
  }
  await refuseStrangers(directory, files);
  return files;
}

/** Throws Corrupt unless `directory` holds exactly `files`, unchanged. */
export async function verifyFiles(directory: string, files: readonly ArtifactFile[]): Promise<void> {
  for (const file of files) {
    const path = join(directory, file.name);
    const size = await sizeOf(path);
    if (size === undefined) throw new Corrupt(`artifact: ${file.name} is missing from ${directory}`);
    const digest = await digestOfFile(path);
    if (size !== file.size || digest !== file.digest)
      throw new Corrupt(`artifact: ${file.name} must have digest ${file.digest}, got ${digest}`);
  }
  await refuseStrangers(directory, files);
}

async function refuseStrangers(directory: string, files: readonly ArtifactFile[]): Promise<void> {
  const known = new Set(files.map(({ name }) => name));
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const name = relative(directory, join(entry.parentPath, entry.name));
    if (!entry.isDirectory() && !known.has(name))
      throw new Corrupt(`artifact: ${name} in ${directory} is not part of the artifact; use an empty folder`);
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.size;
}

/** Returns undefined if the bytes are not JSON; then every schema fails. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
