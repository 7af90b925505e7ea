import { imageBlobs, indexDigests, isIndex } from "../../runtime/artifacts/image-manifest.ts";
import type { Descriptor } from "../../runtime/artifacts/manifest.ts";
import { isReferrersTag, listReferrers } from "../../runtime/artifacts/referrers.ts";
import type { RawManifest, RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { RegistryError } from "../../runtime/artifacts/registry-error.ts";
import { forEachBlob, isDiskError, pullBlobWithRetries } from "../../runtime/artifacts/transfer-blobs.ts";
import { describeError } from "../../runtime/errors.ts";
import type { BackupFolder } from "./backup-folder.ts";
import type { BackupIndex } from "./backup-index.ts";

export interface SaveOptions {
  registry: RegistryClient;
  folder: BackupFolder;
  index: BackupIndex;
  /** Repositories whose artifacts are saved. A reference into another one is not followed. */
  repositories: readonly string[];
}

export interface SavedCounts {
  blobs: number;
  bytes: number;
}

export interface ArtifactSaver {
  /** What was pulled so far. */
  readonly counts: SavedCounts;
  /** Artifacts that could not be saved, with the reason. */
  readonly failures: ReadonlyMap<string, string>;
  /** References to artifacts that the registry does not have, each with the artifact that names it. */
  readonly missing: ReadonlyMap<string, string>;
  /** Saves the artifact of a tag, and names it in the index. */
  saveTag(repository: string, tag: string): Promise<void>;
  /** Saves the artifact of a digest, and names it in the index. */
  saveDigest(repository: string, digest: string, namedBy: string): Promise<void>;
}

/** Largest JSON file in which references to other artifacts are looked for. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;
const REFERENCE = /([a-z0-9][a-z0-9._/-]*)@(sha256:[0-9a-f]{64})/g;

/**
 * Returns the functions that save an artifact: its blobs, then its manifest, so that a manifest in a backup is complete. It follows the
 * manifests of an index, the referrers, and the references in JSON files, such as from a model card to the data set, as no tag may name
 * these any more. An artifact that cannot be read is a failure and does not stop the others.
 *
 * The functions throw if the disk fails or the registry does not answer.
 */
export function artifactSaver({ registry, folder, index, repositories }: SaveOptions): ArtifactSaver {
  const counts: SavedCounts = { blobs: 0, bytes: 0 };
  const failures = new Map<string, string>();
  const missing = new Map<string, string>();
  const saved = new Map<string, Promise<Descriptor>>();

  /** Saves a manifest once, whatever the number of its names: each of them fails if it cannot be read. */
  function save(repository: string, manifest: RawManifest): Promise<Descriptor> {
    const reference = `${repository}@${manifest.digest}`;
    let result = saved.get(reference);
    if (result === undefined) {
      result = saveContent(repository, manifest);
      saved.set(reference, result);
    }
    return result;
  }

  async function saveContent(repository: string, manifest: RawManifest): Promise<Descriptor> {
    const { digest, mediaType, bytes } = manifest;
    const reference = `${repository}@${digest}`;
    const descriptor = { mediaType, digest, size: bytes.length };
    if (isIndex(manifest))
      for (const child of indexDigests(manifest, reference)) {
        const found = await registry.getManifest(repository, child);
        if (found === undefined) throw new Error(`${reference}: the registry has no ${child} of this index`);
        await save(repository, found);
      }
    else await saveBlobs(repository, manifest, reference);
    await folder.addManifest(manifest);
    for (const referrer of await listReferrers(registry, repository, digest))
      await saveDigest(repository, referrer.digest, reference);
    return descriptor;
  }

  async function saveBlobs(repository: string, manifest: RawManifest, reference: string): Promise<void> {
    const { config, layers } = imageBlobs(manifest, reference);
    await forEachBlob([config, ...layers], async (blob) => {
      if (await folder.hasBlob(blob)) return;
      await folder.addBlob(blob.digest, (path) => pullBlobWithRetries(registry, repository, blob, path));
      counts.blobs++;
      counts.bytes += blob.size;
    });
    for (const { mediaType, digest, size } of layers)
      if (mediaType === "application/json" && size <= MAX_RECORD_BYTES)
        for (const [, named = "", target = ""] of (await folder.readBlob(digest))
          .toString()
          .matchAll(REFERENCE))
          if (repositories.includes(named)) await saveDigest(named, target, reference);
  }

  /** Runs `work`, and writes a failure down. Throws those after which the other artifacts would fail too. */
  async function attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isDiskError(error) || (error instanceof RegistryError && error.registryStatus === undefined))
        throw error;
      failures.set(name, describeError(error));
    }
  }

  function saveDigest(repository: string, digest: string, namedBy: string): Promise<void> {
    const reference = `${repository}@${digest}`;
    return attempt(reference, async () => {
      if (saved.has(reference) || missing.has(reference)) return;
      const manifest = await registry.getManifest(repository, digest);
      if (manifest === undefined) missing.set(reference, namedBy);
      else index.recordManifest(repository, await save(repository, manifest));
    });
  }

  function saveTag(repository: string, tag: string): Promise<void> {
    return attempt(`${repository}:${tag}`, async () => {
      const manifest = await registry.getManifest(repository, tag);
      if (manifest === undefined) return; // deleted since the tags were listed
      if (isReferrersTag(tag))
        // A restore writes this tag again where the registry needs it.
        for (const digest of indexDigests(manifest, tag)) await saveDigest(repository, digest, tag);
      else index.recordTag(repository, tag, await save(repository, manifest));
    });
  }

  return { counts, failures, missing, saveTag, saveDigest };
}
