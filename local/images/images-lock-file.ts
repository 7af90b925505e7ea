import { mkdtemp, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { imagesLockSchema, parseImagesLock } from "../../components/platform/registry/images-lock.ts";
import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";

/** Reads the lock at `path`; a missing file is a lock without images. Throws if the file is not a lock. */
export async function loadImagesLock(path: string): Promise<ImagesLock> {
  const text = await textOf(path);
  return text === undefined ? { schemaVersion: 1, images: {} } : parseImagesLock(text, path);
}

/** Writes the lock atomically and durably. Returns false if the file already has the same content. */
export async function writeImagesLock(path: string, lock: ImagesLock): Promise<boolean> {
  const text = formatImagesLock(lock);
  if ((await textOf(path)) === text) return false;
  const folder = await mkdtemp(join(dirname(path), ".images-lock-"));
  try {
    const file = await open(join(folder, "lock"), "w", 0o644);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(join(folder, "lock"), path);
    const parent = await open(dirname(path), "r");
    await parent.sync();
    await parent.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return true;
}

/** Formats a lock. Names and keys are sorted, so that the same lock gives the same text. */
export function formatImagesLock(lock: ImagesLock): string {
  const { schemaVersion, images } = imagesLockSchema.parse(lock);
  const sorted = Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1));
  const ordered = sorted.map(([name, image]) => {
    const { repository, digest, upstream, sizeBytes, source } = image;
    return [name, { repository, digest, upstream, sizeBytes, source }] as const;
  });
  return `${JSON.stringify({ schemaVersion, images: Object.fromEntries(ordered) }, null, 2)}\n`;
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
}
