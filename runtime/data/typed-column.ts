import type { ColumnType } from "../contract/table-rule.ts";
import { identifier, literal } from "../duckdb.ts";
import { rawText, type RawTable } from "./raw-table.ts";

type ValueType = Exclude<ColumnType, "VARCHAR">;

/**
 * Texts that a type accepts. DuckDB's casts accept more: they round 1.5 to 2, and read `nan`, `inf`, `1_000`, `epoch` and `t`.
 */
const TEXTS: Readonly<Record<ValueType, string>> = {
  BIGINT: String.raw`\s*[+-]?\d+(\.0*)?\s*`,
  DOUBLE: String.raw`\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*`,
  BOOLEAN: String.raw`\s*(?i:true|false)\s*`,
  DATE: String.raw`\s*\d{4}-\d\d?-\d\d?\s*`,
  TIMESTAMP: String.raw`\s*\d{4}-\d\d?-\d\d?.*`,
};

/** Returns the SQL of a column in a type; NULL if its value is missing or not of that type. */
export function typedColumn(
  { name, type }: { name: string; type: ColumnType },
  raw: Pick<RawTable, "natives">,
): string {
  const native = raw.natives.get(name);
  if (type === native) return type === "DOUBLE" ? finite(identifier(name)) : identifier(name);
  const text = rawText(raw, name);
  if (type === "VARCHAR") return text;
  const value = `CASE WHEN regexp_full_match(${text}, ${literal(TEXTS[type])}) THEN TRY_CAST(trim(${text}) AS ${type}) END`;
  // A number that is too large for its type becomes infinity.
  return type === "DOUBLE" ? finite(value) : value;
}

const finite = (value: string): string => `CASE WHEN isfinite(${value}) THEN ${value} END`;
