import type { ColumnType, TableRule } from "../../runtime/contract/table-rule.ts";
import { inferColumns } from "../../runtime/data/infer-columns.ts";
import { dropRaw, loadRaw } from "../../runtime/data/load-raw.ts";
import { sourceFiles, unzipped } from "../../runtime/data/source-files.ts";
import { typedColumn } from "../../runtime/data/typed-column.ts";
import { identifier, type DuckDb } from "../../runtime/duckdb.ts";
import type { NamedFiles } from "./named-files.ts";

/** Most different values of a column that are counted one by one: a category has no more. */
export const MOST_CATEGORIES = 250;

/** Facts about one column, over all rows. */
export interface ColumnProfile {
  name: string;
  type: ColumnType;
  /** Rows without a value. */
  missing: number;
  /** Different values. */
  distinct: number;
  /** Least and greatest value as text; undefined without any value. */
  min: string | undefined;
  max: string | undefined;
  /** Values with their number of rows, the most frequent first. Empty with more than MOST_CATEGORIES different values. */
  values: readonly { value: string; rows: number }[];
}

export interface TableProfile {
  rows: number;
  columns: readonly ColumnProfile[];
}

/** Name of the table with the typed rows, in the database of the profile. */
export const PROFILED = "profiled";

/**
 * Loads the files of a table with the code of `ingest`, so that the types here are those of the data set, and describes every column. The
 * typed rows stay in the table PROFILED. Throws BadInput for what ingest would refuse.
 */
export async function profileTable(
  db: DuckDb,
  table: TableRule,
  { folder, names }: NamedFiles,
  scratch: string,
): Promise<TableProfile> {
  const files = names.map((name) => ({ name, digest: "", size: 0 }));
  const source = { kind: "files", files } as const;
  const found = await sourceFiles(source, [], [table], { folder, scratch });
  const unpacked = await Promise.all((found.get(table.name) ?? []).map((file) => unzipped(file, scratch)));
  const raw = await loadRaw(db, table, unpacked, "raw");
  const columns = await inferColumns(db, table, raw);
  const typed = columns.map((column) => `${typedColumn(column, raw)} AS ${identifier(column.name)}`);
  await db.run(`CREATE OR REPLACE TABLE ${PROFILED} AS SELECT ${typed.join(", ")} FROM raw`);
  await dropRaw(db, raw);
  const facts = columns.flatMap(({ name }, i) => {
    const column = identifier(name);
    return [
      `count(${column})::DOUBLE AS n${i}`,
      `count(DISTINCT ${column})::DOUBLE AS d${i}`,
      `min(${column})::VARCHAR AS a${i}`,
      `max(${column})::VARCHAR AS z${i}`,
    ];
  });
  const [row = {}] = await db.rows(`SELECT count(*)::DOUBLE AS rows, ${facts.join(", ")} FROM ${PROFILED}`);
  const rows = Number(row["rows"]);
  const profiles: ColumnProfile[] = [];
  for (const [i, { name, type }] of columns.entries()) {
    const distinct = Number(row[`d${i}`]);
    const text = (key: string): string | undefined => (typeof row[key] === "string" ? row[key] : undefined);
    profiles.push({
      name,
      type,
      missing: rows - Number(row[`n${i}`]),
      distinct,
      min: text(`a${i}`),
      max: text(`z${i}`),
      values: await valuesOf(db, { name, type, distinct }),
    });
  }
  return { rows, columns: profiles };
}

/** Few numbers may be classes, and a text is a category: their values are counted. */
async function valuesOf(
  db: DuckDb,
  { name, type, distinct }: Pick<ColumnProfile, "name" | "type" | "distinct">,
): Promise<ColumnProfile["values"]> {
  const most = type === "VARCHAR" || type === "BOOLEAN" ? MOST_CATEGORIES : MOST_CLASSES_OF_NUMBERS;
  if (distinct === 0 || distinct > most) return [];
  const column = identifier(name);
  const found = await db.rows(
    `SELECT ${column}::VARCHAR AS value, count(*)::DOUBLE AS rows FROM ${PROFILED} WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1`,
  );
  return found.map(({ value, rows }) => ({ value: String(value), rows: Number(rows) }));
}

/** A column of numbers with more different values is not a label of classes. */
export const MOST_CLASSES_OF_NUMBERS = 10;
