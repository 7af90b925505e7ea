import type { ColumnType } from "../contract/table-rule.ts";
import { identifier } from "../duckdb.ts";

/** The rows of some files of a table as DuckDB reads them, before they have their types. */
export interface RawTable {
  /** Name of the DuckDB table or view. */
  name: string;
  /** Whether it is a view of its files. */
  view: boolean;
  /** Columns, in their order. Missing values are NULL. */
  columns: readonly string[];
  /** Column → its type, for columns of Parquet files. Others are text. */
  natives: ReadonlyMap<string, ColumnType>;
}

/** Returns the SQL of a column as text. */
export function rawText({ natives }: Pick<RawTable, "natives">, name: string): string {
  return (natives.get(name) ?? "VARCHAR") === "VARCHAR"
    ? identifier(name)
    : `CAST(${identifier(name)} AS VARCHAR)`;
}
