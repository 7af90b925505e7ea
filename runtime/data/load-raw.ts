import { stat } from "node:fs/promises";
import { authorSql } from "../author-sql.ts";
import type { TableRule } from "../contract/table-rule.ts";
import { identifier, literal, type DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";
import { commonDelimiter, csvFault, csvHeader } from "./csv.ts";
import type { DataFile } from "./source-files.ts";

/** A character that no text file of data has: a line is read as one value. */
const NO_DELIMITER = "\u001f";
/** DuckDB holds several blocks of values for each column: more do not fit into its memory. */
const MOST_COLUMNS = 4000;
/** Bytes. It bounds the memory that a line takes. */
const LONGEST_LINE = 2_000_000;

/**
 * Loads the files of a table into the DuckDB table `raw`: every column as text, a missing value as NULL, the rows in the order of the
 * files. Throws BadInput that names the file, and the line of a CSV file, but shows no values.
 */
export async function loadRaw(
  db: DuckDb,
  table: TableRule,
  files: readonly DataFile[],
  raw: string,
): Promise<void> {
  let columns: string[] | undefined;
  for (const file of files) {
    await atFile(file, async () => {
      const { names, from } = await rowsOf(db, table, file);
      if (names.length > MOST_COLUMNS)
        throw new BadInput(
          `must have at most ${MOST_COLUMNS} columns, got ${names.length}; leave out those that no feature needs`,
        );
      const folders = folderColumns(file.name).filter(([name]) => !names.includes(name));
      const all = [...names, ...folders.map(([name]) => name)];
      const missing = columns?.filter((name) => !all.includes(name)) ?? [];
      if (missing.length > 0)
        throw new BadInput(
          `must have the columns of the first file, ${files[0]!.name}; missing: ${missing.join(", ")}`,
        );
      const selected = [
        ...names.map((name) => `CAST(${identifier(name)} AS VARCHAR) AS ${identifier(name)}`),
        ...folders.map(([name, value]) => `${literal(value)} AS ${identifier(name)}`),
      ];
      const kept = columns === undefined ? "*" : columns.map(identifier).join(", ");
      const select = `SELECT ${kept} FROM (SELECT ${selected.join(", ")} FROM ${from})`;
      await db.run(
        columns === undefined
          ? `CREATE TABLE ${identifier(raw)} AS ${select}`
          : `INSERT INTO ${identifier(raw)} BY NAME ${select}`,
      );
      columns ??= all;
    });
  }
}

/** Returns the columns of a file and the SQL that reads it. */
async function rowsOf(
  db: DuckDb,
  table: TableRule,
  { name, path }: DataFile,
): Promise<{ names: string[]; from: string }> {
  const format = table.format ?? formatOf(name);
  if (format === "csv") return csvRows(db, table, path);
  const from =
    format === "parquet"
      ? `read_parquet(${literal(path)})`
      : `read_json_auto(${literal(path)}, sample_size = -1)`;
  const described = await db.rows(`DESCRIBE FROM ${from}`);
  const nested = described.filter(({ column_type: type }) =>
    /^(BLOB|BIT|STRUCT|MAP|UNION|JSON)|\[/.test(String(type)),
  );
  const wanted = table.columns?.map((column) => column.name);
  const refused = nested
    .map(({ column_name: column }) => String(column))
    .filter((column) => wanted?.includes(column) ?? true);
  if (refused.length > 0)
    throw new BadInput(
      `columns must be numbers, texts, times or true and false; ${refused.join(", ")} ${refused.length === 1 ? "is" : "are"} not: leave ${refused.length === 1 ? "it" : "them"} out with columns`,
    );
  const skipped = nested.map(({ column_name: column }) => String(column));
  return {
    names: described
      .map(({ column_name: column }) => String(column))
      .filter((column) => !skipped.includes(column)),
    from,
  };
}

/**
 * The whole dialect is given: DuckDB's guess from the first rows may be wrong for the others. One thread reads: several leave a
 * row out without an error where a line, or a quote that is never closed, is longer than their buffer of 32 MB.
 */
async function csvRows(
  db: DuckDb,
  table: TableRule,
  path: string,
): Promise<{ names: string[]; from: string }> {
  const { nullTexts = ["NA", ""], encoding = "utf-8" } = table;
  const read = (settings: string): string =>
    `read_csv(${literal(path)}, auto_detect = false, encoding = ${literal(encoding)}, ${settings})`;
  const [first] = await db.rows(
    `SELECT line FROM ${read(`header = false, columns = {line: 'VARCHAR'}, delim = ${literal(NO_DELIMITER)}, quote = '', escape = ''`)} LIMIT 1`,
  );
  const line = first?.["line"];
  if (line === undefined && (await stat(path)).size > LONGEST_LINE)
    throw new BadInput(`line 1 must have at most ${LONGEST_LINE} bytes; are its lines separated?`);
  if (typeof line !== "string" || line.trim() === "")
    throw new BadInput("must have a first line with the names of the columns, got an empty file");
  const delimiter = table.delimiter ?? commonDelimiter(line);
  const names = csvHeader(line, delimiter);
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`);
  const nulls = nullTexts.map(literal).join(", ");
  const from = read(
    `header = true, columns = {${columns.join(", ")}}, delim = ${literal(delimiter)}, quote = '"', escape = '"', nullstr = [${nulls}], strict_mode = true, parallel = false, max_line_size = ${LONGEST_LINE}`,
  );
  return { names, from };
}

function formatOf(name: string): NonNullable<TableRule["format"]> {
  const plain = name.toLowerCase().replace(/\.(gz|zst)$/, "");
  if (plain.endsWith(".parquet")) return "parquet";
  return /\.(json|jsonl|ndjson)$/.test(plain) ? "json" : "csv";
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
