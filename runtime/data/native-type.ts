import type { ColumnType } from "../contract/table-rule.ts";

const NATIVE: readonly [RegExp, ColumnType][] = [
  [/^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|DECIMAL\((\d|1[0-8]),0\))$/, "BIGINT"],
  [/^(FLOAT|DOUBLE|DECIMAL\(\d+,[1-9]\d*\))$/, "DOUBLE"],
  [/^BOOLEAN$/, "BOOLEAN"],
  [/^DATE$/, "DATE"],
  [/^TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?$/, "TIMESTAMP"],
  [/^VARCHAR$/, "VARCHAR"],
];

/** Returns the column type that holds the values of a Parquet column, by DuckDB's name of its type; undefined if they are read as text. */
export function nativeType(type: string): ColumnType | undefined {
  return NATIVE.find(([pattern]) => pattern.test(type))?.[1];
}
