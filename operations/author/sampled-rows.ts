import type { ModelDefinition } from "../../runtime/contract/model-definition.ts";
import { authorSql } from "../../runtime/author-sql.ts";
import { identifier, type DuckDb } from "../../runtime/duckdb.ts";

/** Parts into which a hash divides the rows. */
const PARTS = 1_000_000;

/** Returns the rows of a model, limited to about `most` by a hash of each row, or of its group: groups stay whole. */
export async function sampledRows(
  db: DuckDb,
  owner: string,
  { rows, task, split }: Pick<ModelDefinition, "rows" | "task" | "split">,
  most: number,
): Promise<ModelDefinition["rows"]> {
  const from = typeof rows === "string" ? `(${rows})` : identifier(rows.table);
  const where = typeof rows === "string" ? undefined : rows.where;
  const count = await authorSql(`${owner}: rows`, () =>
    db.number(`SELECT count(*) FROM ${from}${where === undefined ? "" : ` WHERE ${where}`}`),
  );
  if (count <= most) return rows;
  const together = split?.by === "key" ? split.together : undefined;
  const group = task.kind === "ranking" ? [task.group] : together;
  const hashed = group?.map(identifier).join(", ") ?? (typeof rows === "string" ? "author_rows" : from);
  const part = `hash(${hashed}) % ${PARTS} < ${Math.ceil((most / count) * PARTS)}`;
  return typeof rows === "string"
    ? `SELECT * FROM (${rows}) AS author_rows WHERE ${part}`
    : { ...rows, where: where === undefined ? part : `(${where}) AND ${part}` };
}
