import { chmod, copyFile, readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";

const PROGRAM = 0o755;
const DATA = 0o644;

/**
 * Gives everything below a folder the modes that Git and npm know: 755 for folders and programs, 644 for other files. The umask of a
 * machine decides the others: an image from a checkout with umask 077 would not run as its own user, and Pulumi's Docker provider
 * hashes modes, so it would build the image again on the next machine. A file with links elsewhere is copied, not changed.
 */
export async function fixModes(folder: string): Promise<void> {
  await chmod(folder, PROGRAM);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await fixModes(path);
    else if (entry.isFile()) await fixFile(path);
  }
}

async function fixFile(path: string): Promise<void> {
  const { mode, nlink } = await stat(path);
  const wanted = (mode & 0o100) === 0 ? DATA : PROGRAM;
  if ((mode & 0o7777) === wanted) return;
  if (nlink > 1) {
    await copyFile(path, `${path}.copy`);
    await rename(`${path}.copy`, path);
  }
  await chmod(path, wanted);
}
