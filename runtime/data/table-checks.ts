import type { ColumnRule, TableRule } from "../contract/table-rule.ts";
import type { DuckDb } from "../duckdb.ts";
import { identifier, literal } from "../duckdb.ts";
import { typedColumn } from "./typed-column.ts";

interface Check {
  rule: string;
  /** SQL aggregate that counts or measures the rule's violations. */
  found: string;
  passes: (found: number) => boolean;
}

/**
 * Checks the rows of a table against its rules and returns one line for each rule that they break. `raw` holds every
 * column as text, empty ones as NULL; each check is one aggregate, so that the table is read once.
 */
export async function brokenRules(db: DuckDb, table: TableRule, raw: string): Promise<string[]> {
  const names = (await db.rows(`DESCRIBE ${identifier(raw)}`)).map((row) => String(row["column_name"]));
  const wanted = table.columns.map(({ name }) => name);
  const missing = wanted.filter((name) => !names.includes(name));
  const extra = names.filter((name) => !wanted.includes(name));
  if (missing.length + extra.length > 0)
    return [
      `${table.name}: columns must be ${wanted.join(", ")}; missing: ${missing.join(", ") || "none"}; not known: ${extra.join(", ") || "none"}`,
    ];

  const checks = [...tableChecks(table), ...table.columns.flatMap(columnChecks)];
  const selected = checks.map(({ found }, i) => `(${found})::DOUBLE AS c${i}`).join(", ");
  const row = (await db.rows(`SELECT ${selected} FROM ${identifier(raw)}`))[0] ?? {};
  return checks.flatMap(({ rule, passes }, i) => {
    const found = Number(row[`c${i}`]);
    return passes(found) ? [] : [`${table.name}: ${rule}, found ${found}`];
  });
}

const TYPE_NAMES = {
  BIGINT: "a whole number (BIGINT)",
  DOUBLE: "a finite number (DOUBLE)",
  TIMESTAMP: "a TIMESTAMP",
};

function tableChecks(table: TableRule): Check[] {
  // Keys are compared in their types: 1, 01 and 1.0 are the same key in the data set.
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const key = table.key.map((name) => typedColumn(byName.get(name) ?? { name, type: "VARCHAR" })).join(", ");
  return [
    { rule: `must have ${table.rows} rows`, found: "count(*)", passes: (n) => n === table.rows },
    {
      rule: `(${table.key.join(", ")}) must be unique: rows too many`,
      found: `count(*) - count(DISTINCT (${key}))`,
      passes: (n) => n === 0,
    },
  ];
}

function columnChecks(column: ColumnRule): Check[] {
  const { name, type, nulls = 0, min, max, values, pattern } = column;
  const text = identifier(name);
  const typed = typedColumn(column);
  const typedLiteral = (value: string): string => `CAST(${literal(value)} AS ${type})`;
  const none = (rule: string, bad: string): Check => ({
    rule: `${name}: ${rule}: rows that break it`,
    found: `count(*) FILTER (WHERE ${bad})`,
    passes: (n) => n === 0,
  });
  return [
    {
      rule: `${name}: at most ${nulls} missing`,
      found: `count(*) FILTER (WHERE ${text} IS NULL)`,
      passes: (n) => n <= nulls,
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
