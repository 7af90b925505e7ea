import { stat } from "node:fs/promises";
import { identifier, literal, type DuckDb } from "../../duckdb.ts";
import { BadInput } from "../../errors.ts";
import type { KeptColumn } from "./database-session.ts";

/** Largest row, in bytes of CSV. DuckDB has several times as much in memory to read a file. */
export const MAX_ROW_BYTES = 16 * 1024 ** 2;
/** Limit for usual rows. */
const LINE_BYTES = 1024 ** 2;

export interface CsvFile {
  csv: string;
  /** Path of the file to write. */
  parquet: string;
  /** Bytes of the longest row, or more. */
  longestRow: number;
}
/** Most rows of a row group, which DuckDB has in memory as a whole. */
const ROW_GROUP_ROWS = 122_880;
/** Bytes of CSV in a row group of long rows. */
const ROW_GROUP_BYTES = 32 * 1024 ** 2;
/** Rows of DuckDB's vectors: a row group has a multiple of them. */
const VECTOR_ROWS = 2048;

/**
 * Turns lines of CSV, each with a constant before its values, into a Parquet file with the rows in their order. The same lines give the same bytes.
 *
 * @throws BadInput if a value does not fit its column's type; the value is not shown
 */
export async function csvToParquet(
  db: DuckDb,
  paths: CsvFile,
  columns: readonly KeptColumn[],
): Promise<void> {
  const line = Math.max(paths.longestRow, LINE_BYTES);
  const structure = columns.map((_, i) => `c${i}: 'VARCHAR'`);
  const from = `read_csv(${literal(paths.csv)}, auto_detect = false, header = false, columns = {start: 'VARCHAR', ${structure.join(", ")}},
    delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\\n', strict_mode = true,
    parallel = false, max_line_size = ${line}, buffer_size = ${4 * line})`;
  const typed = columns.map(({ name, type }, i) => `${valueOf(`c${i}`, type)} AS ${identifier(name)}`);
  const rows = await db.number(`SELECT count(*) FROM ${from}`);
  const size = rowGroupRows(rows, (await stat(paths.csv)).size);
  await db.run("SET threads = 1"); // one writer: the order of rows, and so the bytes, is fixed
  try {
    await db.run(
      `COPY (SELECT ${typed.join(", ")} FROM ${from})
       TO ${literal(paths.parquet)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${size})`,
    );
  } catch (error) {
    const { message } = error as Error;
    if (/unicode|utf-?8/i.test(message))
      throw new BadInput("texts must be valid UTF-8, got other bytes; convert or leave them out in a query");
    // DuckDB's text has the row, which nobody may see.
    if (message.includes("CSV Error"))
      // eslint-disable-next-line preserve-caught-error -- its text has the row
      throw new Error("defect: the rows that were written cannot be read");
    if (!/^(Conversion|Invalid Input) Error/.test(message)) throw error;
    throw (await misfits(db, from, columns)) ?? error;
  }
}

/** The same rows give the same size, because it changes the bytes of the file. */
function rowGroupRows(rows: number, bytes: number): number {
  const fit = Math.floor((ROW_GROUP_BYTES * rows) / Math.max(bytes, 1) / VECTOR_ROWS) * VECTOR_ROWS;
  return Math.min(Math.max(fit, VECTOR_ROWS), ROW_GROUP_ROWS);
}

/** Infinite times are refused: in a text, which ingest reads, they are no times. */
function valueOf(text: string, type: string): string {
  if (type === "VARCHAR") return text;
  const value = `CAST(${text} AS ${type})`;
  return isTime(type)
    ? `CASE WHEN isfinite(${value}) THEN ${value} WHEN ${text} IS NOT NULL THEN error('infinite') END`
    : value;
}

const isTime = (type: string): boolean => type === "DATE" || type === "TIMESTAMP";

/** Returns an error that names the columns with values that their type cannot hold. */
async function misfits(
  db: DuckDb,
  from: string,
  columns: readonly KeptColumn[],
): Promise<BadInput | undefined> {
  const counts = columns.map(({ type }, i) => {
    const value = `TRY_CAST(c${i} AS ${type})`;
    const isWrong = isTime(type) ? `NOT coalesce(isfinite(${value}), false)` : `${value} IS NULL`;
    return `count(*) FILTER (WHERE c${i} IS NOT NULL AND ${isWrong})::DOUBLE AS n${i}`;
  });
  const [found = {}] = await db.rows(`SELECT ${counts.join(", ")} FROM ${from}`);
  const wrong = columns.flatMap(({ name, native }, i) => {
    const count = Number(found[`n${i}`] ?? 0);
    return count === 0 ? [] : [`${name} (${native}) has ${count}`];
  });
  if (wrong.length === 0) return undefined;
  return new BadInput(
    `columns must have finite numbers, and times from the year 1 on; ${wrong.join(", ")} that are not: ` +
      "replace them in a query, such as NULLIF(column, 'infinity')",
  );
}
