import type { ColumnRule } from "../contract/workload.ts";
import { identifier, literal } from "../duckdb.ts";

type ValueType = Exclude<ColumnRule["type"], "VARCHAR">;

/**
 * Texts that a type takes. DuckDB's own casts take more: they round 1.5 to 2, and read `nan`, `inf`, `1_000` and `epoch`.
 */
const TEXTS: Readonly<Record<ValueType, string>> = {
  BIGINT: String.raw`\s*[+-]?\d+(\.0*)?\s*`,
  DOUBLE: String.raw`\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*`,
  TIMESTAMP: String.raw`\s*\d{4}-\d\d?-\d\d?.*`,
};

/** SQL: a column of text in the type of its rule; NULL where the text is missing or not of the type. */
export function typedColumn({ name, type }: Pick<ColumnRule, "name" | "type">): string {
  const text = identifier(name);
  if (type === "VARCHAR") return text;
  const value = `CASE WHEN regexp_full_match(${text}, ${literal(TEXTS[type])}) THEN TRY_CAST(trim(${text}) AS ${type}) END`;
  // A number may be too large for its type and end as infinity.
  return type === "DOUBLE" ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value;
}
