import type { TableRule } from "../contract/table-rule.ts";
import { identifier, type DuckDb } from "../duckdb.ts";
import type { TypedRule } from "./infer-columns.ts";
import { rawText, type RawTable } from "./raw-table.ts";

/** A rule that rows break, with some of them. */
export interface BrokenRule {
  /** Rule of a column or of the table, for people. */
  rule: string;
  /** Number of rows that break it, or what was counted. */
  found: number;
  /** Some of the rows, in words. */
  examples: readonly string[];
}

/** Rows of an error. */
export const EXAMPLES = 3;
const MASK = "(secret)";
/** Longest value of an example, in characters. */
const VALUE_LENGTH = 40;

/** Returns some rows of a raw table that meet a condition, in words: their key and the columns `shown`, without values of secret columns. */
export async function exampleRows(
  db: DuckDb,
  { key = [] }: Pick<TableRule, "key">,
  columns: readonly TypedRule[],
  raw: RawTable,
  { where, shown }: { where: string; shown: readonly string[] },
): Promise<string[]> {
  const names = [...new Set([...key, ...shown])];
  const secret = new Set(columns.filter((column) => column.secret).map(({ name }) => name));
  const rows = await db.rows(
    `SELECT ${names.map((name) => `${rawText(raw, name)} AS ${identifier(name)}`).join(", ")} FROM ${identifier(raw.name)} WHERE ${where} LIMIT ${EXAMPLES}`,
  );
  return rows.map((row) =>
    names.map((name) => `${name} ${secret.has(name) ? MASK : shownValue(row[name])}`).join(", "),
  );
}

function shownValue(value: unknown): string {
  if (typeof value !== "string") return "missing";
  const text = JSON.stringify(value);
  return text.length <= VALUE_LENGTH ? text : `${text.slice(0, VALUE_LENGTH)}…`;
}

/** Returns one line for each rule, with what all partitions found. */
export function brokenLines(table: string, broken: readonly BrokenRule[]): string[] {
  const byRule = new Map<string, BrokenRule>();
  for (const { rule, found, examples } of broken) {
    const before = byRule.get(rule) ?? { found: 0, examples: [] };
    byRule.set(rule, {
      rule,
      found: before.found + found,
      examples: [...before.examples, ...examples].slice(0, EXAMPLES),
    });
  }
  return [...byRule.values()].map(
    ({ rule, found, examples }) =>
      `${table}: ${rule}, found ${found}${examples.length === 0 ? "" : `; such as ${examples.join("; ")}`}`,
  );
}
