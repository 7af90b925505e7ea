import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** A short name for a set of inputs: the same inputs give the same key, whatever the order of their names. */
export function contentKey(inputs: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 20);
}

/** sha256 of a file's bytes, as hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Hash of a folder's names, links and bytes; times and owners do not count. */
export async function hashFolder(folder: string): Promise<string> {
  const entries: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isSymbolicLink()) entries[name] = `-> ${await readlink(path)}`;
    else if (entry.isFile()) entries[name] = `${(await lstat(path)).mode & 0o111} ${await hashFile(path)}`;
  }
  return contentKey(entries);
}

/** Text of a file, to be an input of a key. */
export const inputFile = (path: string): Promise<string> => readFile(path, "utf8");
