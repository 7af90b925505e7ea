import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { datasetManifestSchema } from "../contract/dataset-manifest.ts";
import type { DatasetManifest } from "../contract/dataset-manifest.ts";
import { isRemote } from "../contract/source.ts";
import type { SourceObject } from "../contract/source-manifest.ts";
import type { StepDefinition } from "../contract/step-definition.ts";
import type { DuckDb } from "../duckdb.ts";
import { BadInput, Corrupt } from "../errors.ts";
import type { IngestFolders } from "./ingest-folders.ts";
import { ingestTable } from "./ingest-table.ts";
import { readSourceObjects } from "./read-source-objects.ts";
import { sourceFiles } from "./source-files.ts";

/**
 * Turns a source into a data set: Parquet files for each table, and `dataset.json`. The same source gives the same bytes, and a partition
 * without a change is taken from the earlier data set. Throws Corrupt for another source than the pinned one, and BadInput that lists every
 * rule that the rows break.
 */
export async function ingest(
  db: DuckDb,
  { workload, source, tables: rules }: StepDefinition<"ingest">,
  folders: IngestFolders,
): Promise<DatasetManifest> {
  const scratch = join(folders.directory, "unpacked");
  const objects = isRemote(source) ? await readSourceObjects(folders.source) : [];
  const files = await named(workload, () =>
    sourceFiles(source, objects, rules, { folder: folders.source, scratch }),
  );
  const tables: DatasetManifest["tables"] = [];
  const broken: string[] = [];
  for (const table of rules) {
    const made = await named(workload, () =>
      ingestTable(db, table, files.get(table.name) ?? [], { ...folders, scratch }),
    );
    if ("broken" in made) broken.push(...made.broken);
    else tables.push(made.manifest);
  }
  await rm(scratch, { recursive: true, force: true });
  if (broken.length > 0) throw new BadInput(`${workload}: data breaks its rules: ${broken.join("; ")}`);

  const manifest = datasetManifestSchema.parse({
    schemaVersion: 2,
    workload,
    tables,
    source: sourceRecord(source, objects),
  });
  await writeFile(join(folders.directory, "dataset.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

function sourceRecord(
  source: StepDefinition<"ingest">["source"],
  objects: readonly SourceObject[],
): DatasetManifest["source"] {
  if (source.kind === "files") return source;
  if (source.kind !== "python-package") return { ...source, objects: [...objects] };
  const { package: name, version, sha256, licence } = source;
  return { package: name, version, digest: `sha256:${sha256}`, licence };
}

/** Puts the owner before the message of an error that a person has to mend. */
async function named<T>(owner: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BadInput) throw new BadInput(`${owner}: ${error.message}`, { cause: error.cause });
    if (error instanceof Corrupt) throw new Corrupt(`${owner}: ${error.message}`, { cause: error.cause });
    throw error;
  }
}
