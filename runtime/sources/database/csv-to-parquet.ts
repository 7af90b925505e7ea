import { identifier, literal, type DuckDb } from "../../duckdb.ts";
import { BadInput } from "../../errors.ts";
import type { KeptColumn } from "./database-session.ts";

/** Largest row, in bytes of CSV. DuckDB reserves several times as much to read a file. */
export const MAX_ROW_BYTES = 16 * 1024 ** 2;
/** Rows of a row group. Fixed, because it changes the bytes of the file. */
const ROW_GROUP_ROWS = 122_880;

/**
 * Turns lines of CSV, each with a constant before its values, into a Parquet file. Its rows are sorted by `first`, if given, then by all
 * columns, so the same rows in any order give the same bytes.
 *
 * @throws BadInput if a value does not fit its column's type; the value is not shown
 */
export async function csvToParquet(
  db: DuckDb,
  paths: { csv: string; parquet: string },
  { columns, first }: { columns: readonly KeptColumn[]; first?: string | undefined },
): Promise<void> {
  const structure = columns.map((_, i) => `c${i}: 'VARCHAR'`);
  const from = `read_csv(${literal(paths.csv)}, auto_detect = false, header = false, columns = {start: 'VARCHAR', ${structure.join(", ")}},
    delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\\n', strict_mode = true,
    parallel = false, max_line_size = ${MAX_ROW_BYTES}, buffer_size = ${4 * MAX_ROW_BYTES})`;
  const typed = columns.map(({ name, type }, i) => `${valueOf(`c${i}`, type)} AS ${identifier(name)}`);
  const order = [...(first === undefined ? [] : [first]), ...columns.map(({ name }) => name)].map(identifier);
  await db.run("SET threads = 1"); // one writer: the order of rows, and so the bytes, is fixed
  try {
    await db.run(
      `COPY (SELECT * FROM (SELECT ${typed.join(", ")} FROM ${from}) ORDER BY ${order.join(", ")})
       TO ${literal(paths.parquet)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
    );
  } catch (error) {
    const { message } = error as Error;
    if (/unicode|utf-?8/i.test(message))
      throw new BadInput("texts must be valid UTF-8, got other bytes; convert or leave them out in a query");
    // DuckDB's text has the row, which nobody may see.
    if (message.includes("CSV Error")) throw new Error("defect: the rows that were written cannot be read");
    if (!/^(Conversion|Invalid Input) Error/.test(message)) throw error;
    throw (await misfits(db, from, columns)) ?? error;
  }
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
