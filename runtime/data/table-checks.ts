import type { ColumnType, TableRule } from "../contract/table-rule.ts";
import type { DuckDb } from "../duckdb.ts";
import { identifier, literal } from "../duckdb.ts";
import type { TypedRule } from "./infer-columns.ts";
import { typedColumn } from "./typed-column.ts";

interface Check {
  rule: string;
  /** SQL aggregate that counts or measures the rule's violations. */
  found: string;
  passes: (found: number, rows: number) => boolean;
  /** SQL that is true for the rows to show as examples. @default - none are shown */
  bad?: string;
  /** Columns to show of them. */
  shown?: readonly string[];
}

const EXAMPLES = 3;
const AT_ONCE = 1000;
const MASK = "(secret)";
/** Longest value of an example, in characters. */
const VALUE_LENGTH = 40;

/**
 * Checks the rows of a table against its rules and returns one line for each rule that they break, with no more than three example rows.
 * `raw` holds every column as text, missing ones as NULL; each check is one aggregate, so that the table is read once for a thousand of them.
 *
 * @param columns - those of the data set
 */
export async function brokenRules(
  db: DuckDb,
  table: TableRule,
  columns: readonly TypedRule[],
  raw: string,
): Promise<string[]> {
  const checks = [...tableChecks(table, columns, raw), ...columns.flatMap(columnChecks)];
  const selected = ["count(*)::DOUBLE AS n", ...checks.map(({ found }, i) => `(${found})::DOUBLE AS c${i}`)];
  const row: Record<string, unknown> = {};
  // A few at a time: DuckDB holds a block of values for each of them.
  for (let start = 0; start < selected.length; start += AT_ONCE)
    Object.assign(
      row,
      (
        await db.rows(`SELECT ${selected.slice(start, start + AT_ONCE).join(", ")} FROM ${identifier(raw)}`)
      )[0],
    );
  const broken: string[] = [];
  for (const [i, check] of checks.entries()) {
    const found = Number(row[`c${i}`]);
    if (check.passes(found, Number(row["n"]))) continue;
    broken.push(
      `${table.name}: ${check.rule}, found ${found}${await examples(db, table, columns, raw, check)}`,
    );
  }
  return broken;
}

async function examples(
  db: DuckDb,
  { key = [] }: TableRule,
  columns: readonly TypedRule[],
  raw: string,
  { bad, shown = [] }: Check,
): Promise<string> {
  if (bad === undefined) return "";
  const names = [...new Set([...key, ...shown])];
  const secret = new Set(columns.filter((column) => column.secret).map(({ name }) => name));
  const rows = await db.rows(
    `SELECT ${names.map(identifier).join(", ")} FROM ${identifier(raw)} WHERE ${bad} LIMIT ${EXAMPLES}`,
  );
  const texts = rows.map((row) =>
    names.map((name) => `${name} ${secret.has(name) ? MASK : shownValue(row[name])}`).join(", "),
  );
  return texts.length === 0 ? "" : `; such as ${texts.join("; ")}`;
}

function shownValue(value: unknown): string {
  if (typeof value !== "string") return "missing";
  const text = JSON.stringify(value);
  return text.length <= VALUE_LENGTH ? text : `${text.slice(0, VALUE_LENGTH)}…`;
}

const TYPE_NAMES: Readonly<Record<Exclude<ColumnType, "VARCHAR">, string>> = {
  BIGINT: "a whole number (BIGINT)",
  DOUBLE: "a finite number (DOUBLE)",
  BOOLEAN: "true or false (BOOLEAN)",
  DATE: "a DATE such as 2013-12-30",
  TIMESTAMP: "a TIMESTAMP",
};

function tableChecks({ rows, key = [] }: TableRule, columns: readonly TypedRule[], raw: string): Check[] {
  const { min = 0, max = Infinity } = typeof rows === "number" ? { min: rows, max: rows } : (rows ?? {});
  const wanted =
    min === max
      ? `${min}`
      : max === Infinity
        ? `at least ${min}`
        : min === 0
          ? `at most ${max}`
          : `${min} to ${max}`;
  const byName = new Map(columns.map((column) => [column.name, column]));
  // Keys are compared in their types: 1, 01 and 1.0 are the same key in the data set.
  const typed = key.map((name) => typedColumn(byName.get(name) ?? { name, type: "VARCHAR" })).join(", ");
  return [
    ...(rows === undefined
      ? []
      : [
          {
            rule: `must have ${wanted} rows`,
            found: "count(*)",
            passes: (n: number) => n >= min && n <= max,
          },
        ]),
    ...(key.length === 0
      ? []
      : [
          {
            rule: `(${key.join(", ")}) must be unique: rows too many`,
            found: `count(*) - count(DISTINCT (${typed}))`,
            passes: (n: number) => n === 0,
            bad: `(${typed}) IN (SELECT (${typed}) FROM ${identifier(raw)} GROUP BY ALL HAVING count(*) > 1)`,
          },
        ]),
  ];
}

function columnChecks(column: TypedRule): Check[] {
  const { name, type, nulls = 0, min, max, values, pattern } = column;
  const text = identifier(name);
  const typed = typedColumn(column);
  const typedLiteral = (value: string): string => `CAST(${literal(value)} AS ${type})`;
  const none = (rule: string, bad: string): Check => ({
    rule: `${name}: ${rule}: rows that break it`,
    found: `count(*) FILTER (WHERE ${bad})`,
    passes: (n) => n === 0,
    bad,
    shown: [name],
  });
  const missing = `${text} IS NULL`;
  return [
    {
      rule: `${name}: at most ${typeof nulls === "number" ? nulls : `a share of ${nulls.share}`} missing`,
      found: `count(*) FILTER (WHERE ${missing})`,
      passes: (n, rows) => n <= (typeof nulls === "number" ? nulls : nulls.share * rows),
      bad: missing,
      shown: [name],
    },
    ...(type === "VARCHAR"
      ? []
      : [none(`must be ${TYPE_NAMES[type]}`, `${text} IS NOT NULL AND ${typed} IS NULL`)]),
    ...(min === undefined ? [] : [none(`must be at least ${min}`, `${typed} < ${min}`)]),
    ...(max === undefined ? [] : [none(`must be at most ${max}`, `${typed} > ${max}`)]),
    ...(values === undefined
      ? []
      : [
          none(
            `must be one of ${values.join(", ")}`,
            `${typed} NOT IN (${values.map(typedLiteral).join(", ")})`,
          ),
        ]),
    ...(pattern === undefined
      ? []
      : [none(`must match ${pattern}`, `NOT regexp_full_match(${text}, ${literal(pattern)})`)]),
  ];
}
