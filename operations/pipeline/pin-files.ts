import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { digestOfFile } from "../../runtime/artifacts/digest.ts";
import type { PinnedFiles, Files } from "../../runtime/contract/sources/files.ts";
import { matchFiles } from "../../runtime/contract/match-files.ts";
import { BadInput } from "../../runtime/errors.ts";

/** Returns the files of a source with their digests, sorted by name. Throws BadInput if a pattern matches none. */
export async function pinFiles(source: Files, folder: string): Promise<PinnedFiles> {
  const pinned = (await filesOf(source, folder)).map(async (name) => {
    const path = join(folder, name);
    return { name, digest: await digestOfFile(path), size: (await stat(path)).size };
  });
  const { licence } = source;
  return { kind: "files", files: await Promise.all(pinned), ...(licence === undefined ? {} : { licence }) };
}

/** Returns the names of the files of a source, sorted. Throws BadInput if a pattern matches none. */
export async function filesOf({ files }: Pick<Files, "files">, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const wanted = files.flatMap((pattern) => {
    const matched = matchFiles(pattern, names);
    if (matched.length === 0)
      throw new BadInput(`source.files: must match a file in ${folder}, got ${pattern}`);
    return matched;
  });
  return [...new Set(wanted)].sort();
}
