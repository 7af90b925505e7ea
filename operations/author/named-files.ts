import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { matchFiles } from "../../runtime/contract/match-files.ts";
import { WrongRequest } from "../wrong-request.ts";

/** Files that a person named on the command line. */
export interface NamedFiles {
  /** The folder that their names start from. */
  folder: string;
  /** Sorted. */
  names: string[];
  /** Bytes of all of them. */
  size: number;
}

/**
 * Finds the files that `from` names: a path, several with commas between them, or a pattern with `*` and `**`. Throws a WrongRequest for a
 * path that is not there, and for files of several folders.
 */
export async function namedFiles(from: string): Promise<NamedFiles> {
  const parts = from.split(",").map((part) => part.trim());
  const found = await Promise.all(parts.map((part) => (part.includes("*") ? matching(part) : oneFile(part))));
  const [{ folder } = { folder: "" }] = found;
  const other = found.find((each) => each.folder !== folder);
  if (other !== undefined)
    throw new WrongRequest(
      `--from ${from}: the files must be in one folder, got ${folder} and ${other.folder}; put them together first`,
    );
  const names = [...new Set(found.flatMap((each) => each.names))].sort();
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { folder, names, size: sizes.reduce((sum, size) => sum + size, 0) };
}

async function oneFile(path: string): Promise<Pick<NamedFiles, "folder" | "names">> {
  const file = resolve(path);
  if (!existsSync(file))
    throw new WrongRequest(
      `--from ${path}: must be a file, and there is none at ${file}; name a CSV, JSON or Parquet file`,
    );
  if ((await stat(file)).isDirectory())
    throw new WrongRequest(
      `--from ${path}: must be a file, got a folder; name its files with a pattern in quotes: "${path.replace(/\/$/, "")}/*.csv"`,
    );
  return { folder: dirname(file), names: [basename(file)] };
}

async function matching(pattern: string): Promise<Pick<NamedFiles, "folder" | "names">> {
  const parts = resolve(pattern).split(sep);
  const fixed = parts.findIndex((part) => part.includes("*"));
  const folder = parts.slice(0, fixed).join(sep) || sep;
  if (!existsSync(folder))
    throw new WrongRequest(`--from ${pattern}: must match a file, and there is no folder ${folder}`);
  const rest = parts.slice(fixed).join("/");
  const entries = await readdir(folder, { recursive: rest.includes("/"), withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const names = matchFiles(rest, files);
  if (names.length === 0)
    throw new WrongRequest(
      `--from ${pattern}: must match a file, and none in ${folder} does; write the pattern in quotes`,
    );
  return { folder, names };
}
