import { stat } from "node:fs/promises";
import type { ColumnType, TableRule } from "../contract/table-rule.ts";
import { literal, type DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";
import { commonDelimiter, csvHeader } from "./csv.ts";
import { nativeType } from "./native-type.ts";
import type { DataFile } from "./source-files.ts";

/** A character that no text file of data has: a line is read as one value. */
const NO_DELIMITER = "\u001f";
/** Bytes. It bounds the memory that a line takes. */
const LONGEST_LINE = 2_000_000;

/** A file of a table as DuckDB reads it. */
export interface FileRows {
  columns: string[];
  /** SQL that reads the rows. */
  from: string;
  /** Column → its type; empty for files of text. */
  natives: ReadonlyMap<string, ColumnType>;
}

/** Returns the columns of a file and the SQL that reads it. */
export async function openFile(db: DuckDb, table: TableRule, { name, path }: DataFile): Promise<FileRows> {
  const format = table.format ?? formatOf(name);
  if (format === "csv") return csvRows(db, table, path);
  const from =
    format === "parquet"
      ? `read_parquet(${literal(path)})`
      : `read_json_auto(${literal(path)}, sample_size = -1)`;
  const described = (await db.rows(`DESCRIBE FROM ${from}`)).map((row) => ({
    column: String(row["column_name"]),
    type: String(row["column_type"]),
  }));
  const nested = described.filter(({ type }) => /^(BLOB|BIT|STRUCT|MAP|UNION|JSON)|\[/.test(type));
  const wanted = table.columns?.map((column) => column.name);
  const refused = nested.map(({ column }) => column).filter((column) => wanted?.includes(column) ?? true);
  if (refused.length > 0)
    throw new BadInput(
      `columns must be numbers, texts, times or true and false; ${refused.join(", ")} ${refused.length === 1 ? "is" : "are"} not: leave ${refused.length === 1 ? "it" : "them"} out with columns`,
    );
  const kept = described.filter((column) => !nested.includes(column));
  const natives = kept.flatMap(({ column, type }): [string, ColumnType][] => {
    const native = format === "parquet" ? nativeType(type) : undefined;
    return native === undefined ? [] : [[column, native]];
  });
  return { columns: kept.map(({ column }) => column), from, natives: new Map(natives) };
}

/**
 * The whole dialect is given: DuckDB's guess from the first rows may be wrong for the others. One thread reads: several leave a
 * row out without an error where a line, or a quote that is never closed, is longer than their buffer of 32 MB.
 */
async function csvRows(db: DuckDb, table: TableRule, path: string): Promise<FileRows> {
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
  return { columns: names, from, natives: new Map() };
}

function formatOf(name: string): NonNullable<TableRule["format"]> {
  const plain = name.toLowerCase().replace(/\.(gz|zst)$/, "");
  if (plain.endsWith(".parquet")) return "parquet";
  return /\.(json|jsonl|ndjson)$/.test(plain) ? "json" : "csv";
}
