import type { ColumnType, TableRule } from "../contract/table-rule.ts";
import type { DuckDb } from "../duckdb.ts";
import { identifier, literal } from "../duckdb.ts";
import { exampleRows, type BrokenRule } from "./broken-rows.ts";
import type { TypedRule } from "./infer-columns.ts";
import { measure } from "./measure.ts";
import { rawText, type RawTable } from "./raw-table.ts";
import { typedColumn } from "./typed-column.ts";

/** What the rows of a raw table say of their columns. */
export interface ColumnFindings {
  rows: number;
  /** Column → its number of missing values. */
  nulls: Record<string, number>;
  broken: BrokenRule[];
}

interface Check {
  column: string;
  rule: string;
  /** SQL that is true for a row that breaks the rule. */
  bad: string;
}

/**
 * Checks each row of a raw table against the rules of its columns, and counts missing values. A broken rule has up to three rows as examples.
 */
export async function checkColumns(
  db: DuckDb,
  table: TableRule,
  columns: readonly TypedRule[],
  raw: RawTable,
): Promise<ColumnFindings> {
  const checks = columns.flatMap((column) => checksOf(column, raw));
  const selected = [
    "count(*)::DOUBLE AS n",
    ...columns.map(({ name }, i) => `(count(*) - count(${identifier(name)}))::DOUBLE AS m${i}`),
    ...checks.map(({ bad }, i) => `(count(*) FILTER (WHERE ${bad}))::DOUBLE AS c${i}`),
  ];
  const counts = await measure(db, raw.name, selected);
  const broken: BrokenRule[] = [];
  for (const [i, { column, rule, bad }] of checks.entries()) {
    const found = Number(counts[`c${i}`]);
    if (found === 0) continue;
    const examples = await exampleRows(db, table, columns, raw, { where: bad, shown: [column] });
    broken.push({ rule: `${column}: ${rule}: rows that break it`, found, examples });
  }
  const nulls = columns.map(({ name }, i): [string, number] => [name, Number(counts[`m${i}`])]);
  return { rows: Number(counts["n"]), nulls: Object.fromEntries(nulls), broken };
}

const TYPE_NAMES: Readonly<Record<Exclude<ColumnType, "VARCHAR">, string>> = {
  BIGINT: "a whole number (BIGINT)",
  DOUBLE: "a finite number (DOUBLE)",
  BOOLEAN: "true or false (BOOLEAN)",
  DATE: "a DATE such as 2013-12-30",
  TIMESTAMP: "a TIMESTAMP",
};

function checksOf(column: TypedRule, raw: RawTable): Check[] {
  const { name, type, min, max, values, pattern } = column;
  const typed = typedColumn(column, raw);
  const typedLiteral = (value: string): string => `CAST(${literal(value)} AS ${type})`;
  const check = (rule: string, bad: string): Check => ({ column: name, rule, bad });
  return [
    ...(type === "VARCHAR" || typed === identifier(name)
      ? []
      : [check(`must be ${TYPE_NAMES[type]}`, `${identifier(name)} IS NOT NULL AND ${typed} IS NULL`)]),
    ...(min === undefined ? [] : [check(`must be at least ${min}`, `${typed} < ${min}`)]),
    ...(max === undefined ? [] : [check(`must be at most ${max}`, `${typed} > ${max}`)]),
    ...(values === undefined
      ? []
      : [
          check(
            `must be one of ${values.join(", ")}`,
            `${typed} NOT IN (${values.map(typedLiteral).join(", ")})`,
          ),
        ]),
    ...(pattern === undefined
      ? []
      : [
          check(`must match ${pattern}`, `NOT regexp_full_match(${rawText(raw, name)}, ${literal(pattern)})`),
        ]),
  ];
}
