import type { TableRule } from "../contract/table-rule.ts";
import type { DuckDb } from "../duckdb.ts";
import { identifier, literal } from "../duckdb.ts";
import { exampleRows, type BrokenRule } from "./broken-rows.ts";
import type { ColumnFindings } from "./column-checks.ts";
import type { TypedRule } from "./infer-columns.ts";
import type { RawTable } from "./raw-table.ts";

/** Returns the broken rules for the number of rows and of missing values of a table. `raws` are tables with some of its rows. */
export async function countChecks(
  db: DuckDb,
  table: TableRule,
  columns: readonly TypedRule[],
  partitions: readonly Pick<ColumnFindings, "rows" | "nulls">[],
  raws: readonly RawTable[],
): Promise<BrokenRule[]> {
  const total = partitions.reduce((sum, { rows }) => sum + rows, 0);
  const broken: BrokenRule[] = [...rowsRule(table, total)];
  for (const { name, nulls = 0 } of columns) {
    const found = partitions.reduce((sum, partition) => sum + (partition.nulls[name] ?? 0), 0);
    if (found <= (typeof nulls === "number" ? nulls : nulls.share * total)) continue;
    const where = `${identifier(name)} IS NULL`;
    const examples: string[] = [];
    for (const raw of raws)
      examples.push(...(await exampleRows(db, table, columns, raw, { where, shown: [name] })));
    broken.push({
      rule: `${name}: at most ${typeof nulls === "number" ? nulls : `a share of ${nulls.share}`} missing`,
      found,
      examples,
    });
  }
  return broken;
}

function rowsRule({ rows }: TableRule, found: number): BrokenRule[] {
  if (rows === undefined) return [];
  const { min = 0, max = Infinity } = typeof rows === "number" ? { min: rows, max: rows } : rows;
  if (found >= min && found <= max) return [];
  const wanted =
    min === max
      ? min
      : max === Infinity
        ? `at least ${min}`
        : min === 0
          ? `at most ${max}`
          : `${min} to ${max}`;
  return [{ rule: `must have ${wanted} rows`, found, examples: [] }];
}

/** Returns the broken rule of a table's key over all its Parquet files. Keys are compared in their types: 1, 01 and 1.0 are the same key. */
export async function keyCheck(
  db: DuckDb,
  { key = [] }: TableRule,
  columns: readonly TypedRule[],
  files: readonly string[],
): Promise<BrokenRule[]> {
  if (key.length === 0) return [];
  const names = key.map(identifier).join(", ");
  // A GROUP BY goes to the disk if it does not fit in memory; count(DISTINCT) does not.
  const twice = `SELECT ${names}, count(*) AS n FROM read_parquet([${files.map(literal).join(", ")}]) GROUP BY ALL HAVING count(*) > 1`;
  const found = await db.number(`SELECT coalesce(sum(n - 1), 0)::DOUBLE FROM (${twice})`);
  if (found === 0) return [];
  const raw: RawTable = {
    name: "key_twice",
    view: true,
    columns: key,
    natives: new Map(columns.map(({ name, type }) => [name, type])),
  };
  await db.run(`CREATE OR REPLACE VIEW ${identifier(raw.name)} AS ${twice} ORDER BY ALL`);
  const examples = await exampleRows(db, { key }, columns, raw, { where: "true", shown: [] });
  return [{ rule: `(${key.join(", ")}) must be unique: rows too many`, found, examples }];
}
