import type { ColumnRule, ColumnType, TableRule } from "../contract/table-rule.ts";
import { identifier, type DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";
import { typedColumn } from "./typed-column.ts";

/** Types in the order in which they are tried. A column of whole numbers is not one of times, and one of days has no times. */
const TRIED = ["BOOLEAN", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP"] as const;

const AT_ONCE = 1000;

/** A rule of a column with its type. */
export type TypedRule = ColumnRule & { type: ColumnType };

/**
 * Returns the columns of a table's data set, each with a type: that of its rule, or the first one that every value of the column has, over
 * all rows. A column without any value is VARCHAR. Throws BadInput for a rule, a key or an
 * order of a column that is not there.
 */
export async function inferColumns(db: DuckDb, table: TableRule, raw: string): Promise<TypedRule[]> {
  const names = (await db.rows(`DESCRIBE ${identifier(raw)}`)).map((row) => String(row["column_name"]));
  const rules: readonly ColumnRule[] = table.columns ?? names.map((name) => ({ name }));
  const missing = rules.map(({ name }) => name).filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new BadInput(
      `${table.name}: columns must be in the files; missing: ${missing.join(", ")}; the files have ${names.join(", ")}`,
    );
  const own = rules.map(({ name }) => name);
  for (const [field, columns] of Object.entries({ key: table.key ?? [], orderBy: table.orderBy ?? [] })) {
    const unknown = columns.find((name) => !own.includes(name));
    if (unknown !== undefined)
      throw new BadInput(`${table.name}: ${field} must be of ${own.join(", ")}, got ${unknown}`);
  }
  const untyped = rules.filter(({ type }) => type === undefined);
  const misfits = untyped.flatMap(({ name }, column) =>
    TRIED.map(
      (type, i) =>
        `count(*) FILTER (WHERE ${identifier(name)} IS NOT NULL AND ${typedColumn({ name, type })} IS NULL)::DOUBLE AS c${column}_${i}`,
    ),
  );
  const present = untyped.map(({ name }, column) => `count(${identifier(name)})::DOUBLE AS n${column}`);
  const counts: Record<string, unknown> = {};
  const measures = [...misfits, ...present];
  // A few at a time: DuckDB holds a block of values for each of them.
  for (let start = 0; start < measures.length; start += AT_ONCE)
    Object.assign(
      counts,
      (
        await db.rows(`SELECT ${measures.slice(start, start + AT_ONCE).join(", ")} FROM ${identifier(raw)}`)
      )[0],
    );
  return rules.map((rule) => {
    if (rule.type !== undefined) return { ...rule, type: rule.type };
    const column = untyped.indexOf(rule);
    const fit = TRIED.find((_, i) => Number(counts[`c${column}_${i}`]) === 0);
    const type = Number(counts[`n${column}`]) === 0 ? "VARCHAR" : (fit ?? "VARCHAR");
    return { nulls: { share: 1 }, ...rule, type };
  });
}
