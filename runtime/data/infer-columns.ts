import type { ColumnRule, ColumnType, TableRule } from "../contract/table-rule.ts";
import type { Partition } from "../contract/dataset-manifest.ts";
import { identifier, type DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";
import { measure } from "./measure.ts";
import type { RawTable } from "./raw-table.ts";
import { typedColumn } from "./typed-column.ts";

/** Types in the order in which they are tried. A column of whole numbers is not one of times, and one of days has no times. */
const TRIED = ["BOOLEAN", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP"] as const;

/** Types that the values of a Parquet column have, by the column's own type. */
const NATIVE_FITS: Readonly<Record<ColumnType, ColumnType[]>> = {
  BOOLEAN: ["BOOLEAN"],
  BIGINT: ["BIGINT", "DOUBLE"],
  DOUBLE: ["DOUBLE"],
  DATE: ["DATE", "TIMESTAMP"],
  TIMESTAMP: ["TIMESTAMP"],
  VARCHAR: [],
};

/** A rule of a column with its type. */
export type TypedRule = ColumnRule & { type: ColumnType };

type Fits = Partition["fits"];

/**
 * Returns the types that all values of each column without a type have, over all rows of a raw table. Throws BadInput for a rule, a key or
 * an order of a column that is not there.
 */
export async function columnFits(db: DuckDb, table: TableRule, raw: RawTable): Promise<Fits> {
  const untyped = columnRules(table, raw.columns).filter(({ type }) => type === undefined);
  const texts = untyped.map(({ name }) => name).filter((name) => !raw.natives.has(name));
  const misfits = texts.flatMap((name, column) =>
    TRIED.map(
      (type, i) =>
        `count(*) FILTER (WHERE ${identifier(name)} IS NOT NULL AND ${typedColumn({ name, type }, raw)} IS NULL)::DOUBLE AS c${column}_${i}`,
    ),
  );
  const present = texts.map((name, column) => `count(${identifier(name)})::DOUBLE AS n${column}`);
  const counts = await measure(db, raw.name, [...misfits, ...present]);
  return Object.fromEntries(
    untyped.map(({ name }): [string, ColumnType[] | null] => {
      const native = raw.natives.get(name);
      if (native !== undefined) return [name, NATIVE_FITS[native]];
      const column = texts.indexOf(name);
      if (Number(counts[`n${column}`]) === 0) return [name, null];
      return [name, TRIED.filter((_, i) => Number(counts[`c${column}_${i}`]) === 0)];
    }),
  );
}

/**
 * Returns the columns of a table's data set, each with a type: that of its rule, or the first one that every value has in all partitions.
 * A column without any value is VARCHAR.
 */
export function typedRules(
  table: TableRule,
  columns: readonly string[],
  partitions: readonly Fits[],
): TypedRule[] {
  return columnRules(table, columns).map((rule) => {
    if (rule.type !== undefined) return { ...rule, type: rule.type };
    const each = partitions.map((fits) => fits[rule.name] ?? null).filter((fits) => fits !== null);
    const type =
      each.length === 0 ? undefined : TRIED.find((tried) => each.every((fits) => fits.includes(tried)));
    return { nulls: { share: 1 }, ...rule, type: type ?? "VARCHAR" };
  });
}

/** Infers the columns of a table from one raw table. */
export async function inferColumns(db: DuckDb, table: TableRule, raw: RawTable): Promise<TypedRule[]> {
  return typedRules(table, raw.columns, [await columnFits(db, table, raw)]);
}

function columnRules(table: TableRule, names: readonly string[]): readonly ColumnRule[] {
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
  return rules;
}
