import { authorSql } from "../author-sql.ts";
import type { ColumnType, TableRule } from "../contract/table-rule.ts";
import { identifier, literal, type DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";
import { csvFault } from "./csv.ts";
import { openFile, type FileRows } from "./file-rows.ts";
import type { RawTable } from "./raw-table.ts";
import type { DataFile } from "./source-files.ts";

/** DuckDB holds several blocks of values for each column: more do not fit into its memory. */
const MOST_COLUMNS = 4000;

/** The first file of a table, whose columns all files must have. */
export interface FirstFile {
  name: string;
  columns: readonly string[];
}

/**
 * Makes the rows of some files of a table available in DuckDB under `name`, in the order of the files: text for CSV and JSON, the
 * columns' own types for Parquet, which is not copied. Throws BadInput that names the file, and the line of a CSV file, but shows no values.
 *
 * @param first - @default - the first of `files`
 */
export async function loadRaw(
  db: DuckDb,
  table: TableRule,
  files: readonly DataFile[],
  name: string,
  first?: FirstFile,
): Promise<RawTable> {
  const read: OpenFile[] = [];
  let head = first;
  for (const file of files)
    await atFile(file, async () => {
      const rows = await openFile(db, table, file);
      if (rows.columns.length > MOST_COLUMNS)
        throw new BadInput(
          `must have at most ${MOST_COLUMNS} columns, got ${rows.columns.length}; leave out those that no feature needs`,
        );
      const folders = folderColumns(file.name).filter(([column]) => !rows.columns.includes(column));
      const columns = [...rows.columns, ...folders.map(([column]) => column)];
      head ??= { name: file.name, columns };
      const missing = head.columns.filter((column) => !columns.includes(column));
      if (missing.length > 0)
        throw new BadInput(
          `must have the columns of the first file, ${head.name}; missing: ${missing.join(", ")}`,
        );
      read.push({ ...rows, file, folders: new Map(folders) });
    });
  const columns = head?.columns ?? [];
  const natives = commonNatives(columns, read);
  const select = (rows: OpenFile): string =>
    `SELECT ${columns.map((column) => `${valueOf(column, rows, natives.get(column))} AS ${identifier(column)}`).join(", ")} FROM ${rows.from}`;
  const view = read.every(({ natives: own }) => own.size > 0);
  if (view) await db.run(`CREATE VIEW ${identifier(name)} AS ${read.map(select).join(" UNION ALL ")}`);
  else
    for (const [i, rows] of read.entries())
      await atFile(rows.file, () =>
        db.run(
          i === 0
            ? `CREATE TABLE ${identifier(name)} AS ${select(rows)}`
            : `INSERT INTO ${identifier(name)} ${select(rows)}`,
        ),
      );
  return { name, view, columns, natives };
}

/** Removes what `loadRaw` made. */
export async function dropRaw(db: DuckDb, { name, view }: RawTable): Promise<void> {
  await db.run(`DROP ${view ? "VIEW" : "TABLE"} IF EXISTS ${identifier(name)}`);
}

interface OpenFile extends FileRows {
  file: DataFile;
  /** Column → its value for all rows. */
  folders: ReadonlyMap<string, string>;
}

/** Returns the types of the columns that have the same type in every file. */
function commonNatives(columns: readonly string[], files: readonly OpenFile[]): Map<string, ColumnType> {
  return new Map(
    columns.flatMap((column): [string, ColumnType][] => {
      const types = new Set(files.map(({ natives }) => natives.get(column)));
      const [type] = types;
      return types.size === 1 && type !== undefined ? [[column, type]] : [];
    }),
  );
}

function valueOf(column: string, { folders }: OpenFile, native: ColumnType | undefined): string {
  const folder = folders.get(column);
  if (folder !== undefined) return literal(folder);
  const value = identifier(column);
  // pandas writes a missing number as NaN.
  if (native === "DOUBLE") return `CASE WHEN NOT isnan(${value}::DOUBLE) THEN ${value}::DOUBLE END`;
  return `CAST(${value} AS ${native ?? "VARCHAR"})`;
}

/** Returns the columns that the folders of a file name, as Hive partitions do: `month=2013-01/a.csv` has month 2013-01. */
function folderColumns(name: string): [name: string, value: string][] {
  return name
    .split("/")
    .slice(0, -1)
    .flatMap((part): [string, string][] => {
      const [, column, value] = /^([^=]+)=(.*)$/.exec(part) ?? [];
      return column === undefined || value === undefined ? [] : [[column, decodeURIComponent(value)]];
    });
}

/** Names the file in an error that only its owner can mend. */
async function atFile(file: DataFile, load: () => Promise<void>): Promise<void> {
  try {
    await authorSql(file.name, load);
  } catch (error) {
    const cause = error instanceof BadInput && error.cause instanceof Error ? error.cause.message : "";
    if (cause.includes("CSV Error")) throw new BadInput(`${file.name}: ${csvFault(cause)}`);
    if (error instanceof BadInput && !error.message.startsWith(file.name))
      throw new BadInput(`${file.name}: ${error.message}`, { cause: error });
    throw error;
  }
}
