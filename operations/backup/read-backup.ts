import { readFile, stat } from "node:fs/promises";
import { digestOf, digestOfFile } from "../../runtime/artifacts/digest.ts";
import { imageBlobs, indexEntries, isIndex } from "../../runtime/artifacts/image-manifest.ts";
import type { Descriptor } from "../../runtime/artifacts/manifest.ts";
import { layoutBlobPath } from "../../runtime/artifacts/oci-layout.ts";
import type { RawManifest } from "../../runtime/artifacts/registry-client.ts";
import { Corrupt } from "../../runtime/errors.ts";

/** A manifest of a backup. Its blobs have been verified. */
export interface StoredManifest extends RawManifest {
  /** Config and layers. */
  blobs: Descriptor[];
}

const FIX = "delete it and back up again while the registry still has it, or take another copy of the backup";

export interface BackupReader {
  /**
   * Returns the manifest of a descriptor, after those that it lists if it is an index: the order in which a registry takes them.
   * Throws Corrupt with the path of the file if a manifest or a blob is missing or changed.
   */
  read(descriptor: Descriptor): Promise<StoredManifest[]>;
}

/** Returns a reader of the blobs of a backup, which hashes each blob once. */
export function backupReader(directory: string): BackupReader {
  const verified = new Map<string, Promise<void>>();

  /** Verifies a blob, which several manifests may share. */
  function verify({ digest, size }: Descriptor): Promise<void> {
    let result = verified.get(digest);
    if (result === undefined) {
      result = verifyFile(layoutBlobPath(directory, digest), digest, size);
      verified.set(digest, result);
    }
    return result;
  }

  async function read(descriptor: Descriptor): Promise<StoredManifest[]> {
    const { digest, size, mediaType } = descriptor;
    const path = layoutBlobPath(directory, digest);
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) throw new Corrupt(`${path} must be there, it is missing; ${FIX}`);
    if (bytes.length !== size || digestOf(bytes) !== digest)
      throw wrongContent(path, { digest, size }, { digest: digestOf(bytes), size: bytes.length });
    const manifest = { digest, mediaType, bytes };
    if (isIndex(manifest)) {
      const stored: StoredManifest[] = [];
      for (const child of indexEntries(manifest, path)) stored.push(...(await read(child)));
      return [...stored, { ...manifest, blobs: [] }];
    }
    const { config, layers } = imageBlobs(manifest, path);
    const blobs = [...new Map([config, ...layers].map((blob) => [blob.digest, blob])).values()];
    for (const blob of blobs) await verify(blob);
    return [{ ...manifest, blobs }];
  }
  return { read };
}

async function verifyFile(path: string, digest: string, size: number): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Corrupt(`${path} must be there, it is missing; ${FIX}`);
  const got = await digestOfFile(path);
  if (found.size !== size || got !== digest)
    throw wrongContent(path, { digest, size }, { digest: got, size: found.size });
}

interface Content {
  digest: string;
  size: number;
}

function wrongContent(path: string, wanted: Content, got: Content): Corrupt {
  return new Corrupt(
    `${path} must be ${wanted.size} bytes with digest ${wanted.digest}, got ${got.size} with ${got.digest}; ${FIX}`,
  );
}
