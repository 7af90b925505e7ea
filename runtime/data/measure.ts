import { identifier, type DuckDb } from "../duckdb.ts";

/** Aggregates of one query: DuckDB holds a block of values for each of them. */
const AT_ONCE = 1000;

/** Returns the values of aggregates, SQL such as `count(*) AS n`, over all rows of a table. It is read once for a thousand of them. */
export async function measure(
  db: DuckDb,
  table: string,
  aggregates: readonly string[],
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (let start = 0; start < aggregates.length; start += AT_ONCE) {
    const some = aggregates.slice(start, start + AT_ONCE).join(", ");
    Object.assign(found, (await db.rows(`SELECT ${some} FROM ${identifier(table)}`))[0]);
  }
  return found;
}
