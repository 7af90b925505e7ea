import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { durableWrite, removeLeftovers } from "../../local/engine/state/durable-write.ts";
import type { Descriptor } from "../../runtime/artifacts/manifest.ts";
import { layoutBlobPath } from "../../runtime/artifacts/oci-layout.ts";
import type { RawManifest } from "../../runtime/artifacts/registry-client.ts";
import { WrongRequest } from "../wrong-request.ts";

/** Blobs that are not complete yet. Image layouts may hold other files beside their own. */
const INCOMING = ".incoming";
const LAYOUT_FILE = "oci-layout";
const OWN_ENTRIES = [INCOMING, LAYOUT_FILE, "index.json", "blobs"];

/** A folder in OCI image layout that takes blobs. A blob has its final name only once it is complete, verified and on the disk. */
export interface BackupFolder {
  /** Whether a blob is there with the size of its descriptor. */
  hasBlob(blob: Pick<Descriptor, "digest" | "size">): Promise<boolean>;
  /** Reads a blob that is there. */
  readBlob(digest: string): Promise<Buffer>;
  /** Adds a blob, which `pull` writes to a path and verifies. */
  addBlob(digest: string, pull: (path: string) => Promise<void>): Promise<void>;
  /** Adds a manifest. Its blobs must be there. */
  addManifest(manifest: RawManifest): Promise<void>;
  /** Removes what this run created, unless the folder holds a blob: a backup that saved nothing must not look like one. */
  removeIfEmpty(): Promise<void>;
}

/**
 * Checks that a backup may be written to a folder: there is none yet, or it is empty or a backup. Changes nothing.
 *
 * @throws WrongRequest if the folder holds something else
 */
export async function refuseForeignFolder(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR")
      throw new WrongRequest(`--to ${directory}: must be a folder, a file is there`);
    throw error;
  });
  if (names.includes(LAYOUT_FILE)) return;
  const foreign = names.filter((name) => name !== "lost+found" && name !== INCOMING);
  if (foreign.length > 0)
    throw new WrongRequest(
      `--to ${directory}: must be empty or a backup, it holds ${foreign.slice(0, 3).join(", ")}; name another folder`,
    );
}

/**
 * Opens the folder of a backup to write; creates it, for its owner alone, where it is not there. Removes blobs of a killed run that are not
 * complete.
 *
 * @throws WrongRequest if the folder holds something else
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function openBackupFolder(directory: string): Promise<BackupFolder> {
  await refuseForeignFolder(directory);
  const topmostCreated = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!(await readdir(directory)).includes(LAYOUT_FILE))
    await durableWrite(join(directory, LAYOUT_FILE), `${JSON.stringify({ imageLayoutVersion: "1.0.0" })}\n`);
  const blobPath = (digest: string): string => layoutBlobPath(directory, digest);
  const incoming = join(directory, INCOMING);
  await rm(incoming, { recursive: true, force: true });
  await removeLeftovers(join(directory, "index.json"));
  await mkdir(incoming);
  await mkdir(join(directory, "blobs", "sha256"), { recursive: true });

  const hasBlob: BackupFolder["hasBlob"] = async ({ digest, size }) =>
    stat(blobPath(digest)).then(
      (found) => found.size === size,
      () => false,
    );
  return {
    hasBlob,
    readBlob: (digest) => readFile(blobPath(digest)),
    async addBlob(digest, pull) {
      const path = join(incoming, digest.replace(":", "-"));
      await pull(path);
      await toDisk(path);
      await rename(path, blobPath(digest));
    },
    async addManifest({ digest, bytes }) {
      if (!(await hasBlob({ digest, size: bytes.length }))) await durableWrite(blobPath(digest), bytes);
    },
    async removeIfEmpty() {
      if ((await readdir(join(directory, "blobs", "sha256"))).length > 0) return;
      const own =
        topmostCreated === undefined ? OWN_ENTRIES.map((name) => join(directory, name)) : [topmostCreated];
      for (const path of own) await rm(path, { recursive: true, force: true });
    },
  };
}

/** Writes a file from the memory of the system to the disk, so that a power failure cannot leave a name without its content. */
async function toDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Checks that a folder holds a backup.
 *
 * @throws WrongRequest if it does not
 */
export async function requireBackup(directory: string): Promise<void> {
  const names = await readdir(directory).catch((): string[] => []);
  if (!names.includes(LAYOUT_FILE) || !names.includes("index.json"))
    throw new WrongRequest(
      `--from ${directory}: must be a folder with a backup, it has no oci-layout and index.json`,
    );
}
