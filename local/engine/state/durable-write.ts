import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Replaces a file atomically: after a crash at any moment it holds the old or the new content, and after this returns the new
 * one. Writes a temporary file in the same folder, then fsync, rename, fsync of the folder.
 */
export async function durableWrite(file: string, content: string | Buffer): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    // The error of a write names no file.
    throw error instanceof Error ? Object.assign(error, { path: file }) : error;
  }
  await syncFolder(folder);
}

/** Removes temporary files that killed writes left behind. The caller must hold the lock of the file. */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const names = await readdir(folder).catch(() => []);
  const prefix = `.${path.basename(file)}.`;
  for (const name of names) {
    if (name.startsWith(prefix) && name.endsWith(".tmp")) await rm(path.join(folder, name), { force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
