import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOfFile } from "../artifacts/digest.ts";
import { datasetManifestSchema } from "../contract/dataset-manifest.ts";
import type { DatasetManifest } from "../contract/dataset-manifest.ts";
import { isRemote } from "../contract/source.ts";
import type { SourceObject } from "../contract/source-manifest.ts";
import type { StepDefinition } from "../contract/step-definition.ts";
import type { TableRule } from "../contract/table-rule.ts";
import { authorSql } from "../author-sql.ts";
import { identifier, literal } from "../duckdb.ts";
import type { DuckDb } from "../duckdb.ts";
import { BadInput, Corrupt } from "../errors.ts";
import { inferColumns, type TypedRule } from "./infer-columns.ts";
import { loadRaw } from "./load-raw.ts";
import { readSourceObjects } from "./read-source-objects.ts";
import { sourceFiles } from "./source-files.ts";
import { brokenRules } from "./table-checks.ts";
import { typedColumn } from "./typed-column.ts";

/** Rows of a row group, the unit that DuckDB reads in parallel. Fixed, because it changes the bytes of the file. */
const ROW_GROUP_ROWS = 122_880;

/**
 * Turns a source into a data set: one Parquet file per table, and `dataset.json`, in `directory`. The same source gives the same bytes.
 * Throws Corrupt for another source than the pinned one, and BadInput that lists every rule that the rows break.
 *
 * @param sourceFolder - folder of the source's artifact
 */
export async function ingest(
  db: DuckDb,
  { workload, source, tables: rules }: StepDefinition<"ingest">,
  sourceFolder: string,
  directory: string,
): Promise<DatasetManifest> {
  const scratch = join(directory, "unpacked");
  const objects = isRemote(source) ? await readSourceObjects(sourceFolder) : [];
  const files = await named(workload, () =>
    sourceFiles(source, objects, rules, { folder: sourceFolder, scratch }),
  );
  const typed = new Map<string, TypedRule[]>();
  const broken: string[] = [];
  for (const table of rules) {
    const owner = `${workload}: ${table.name}`;
    await named(owner, () => loadRaw(db, table, files.get(table.name) ?? [], rawName(table)));
    const columns = await named(workload, () => inferColumns(db, table, rawName(table)));
    typed.set(table.name, columns);
    broken.push(...(await authorSql(owner, () => brokenRules(db, table, columns, rawName(table)))));
  }
  await rm(scratch, { recursive: true, force: true });
  if (broken.length > 0) throw new BadInput(`${workload}: data breaks its rules: ${broken.join("; ")}`);

  await db.run("SET threads = 1"); // one writer: the order of rows, and so the bytes, is fixed
  const tables: DatasetManifest["tables"] = [];
  for (const table of rules) tables.push(await writeTable(db, table, typed.get(table.name) ?? [], directory));
  const manifest = datasetManifestSchema.parse({
    schemaVersion: 1,
    workload,
    tables,
    source: sourceRecord(source, objects),
  });
  await writeFile(join(directory, "dataset.json"), `${JSON.stringify(manifest, null, 2)}\n`);
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

async function writeTable(
  db: DuckDb,
  table: TableRule,
  columns: readonly TypedRule[],
  directory: string,
): Promise<DatasetManifest["tables"][number]> {
  const file = `${table.name}.parquet`;
  const path = join(directory, file);
  const selected = columns.map((column) => `${typedColumn(column)} AS ${identifier(column.name)}`);
  const order = (table.orderBy ?? []).map(identifier).join(", ");
  const raw = identifier(rawName(table));
  await db.run(
    `COPY (SELECT * FROM (SELECT ${selected.join(", ")} FROM ${raw})${order === "" ? "" : ` ORDER BY ${order}`})
     TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
  );
  await db.run(`DROP TABLE ${raw}`);
  return {
    file,
    digest: await digestOfFile(path),
    rows: await db.number(`SELECT count(*) FROM read_parquet(${literal(path)})`),
    columns: columns.map(({ name, type }) => ({ name, type })),
  };
}

function rawName(table: TableRule): string {
  return `raw_${table.name}`;
}
