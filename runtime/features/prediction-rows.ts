import { authorSql } from "../author-sql.ts";
import type { ModelDefinition } from "../contract/model-definition.ts";
import type { Split, TableRows } from "../contract/prediction-rows.ts";
import { didYouMean } from "../contract/issues/did-you-mean.ts";
import { identifier, literal, type DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";

/** Time of predictions that have no history. */
const NO_TIME = "TIMESTAMP '1970-01-01'";
const TEST_SHARE = 0.2;

/**
 * Makes the table `into` with the prediction rows of a model: `row_key`, `predict_at`, `split`, `label` and the columns of its table or SQL.
 * Rows outside of the windows of a split by time are left out.
 */
export async function createPredictionRows(
  db: DuckDb,
  owner: string,
  { rows, split }: Pick<ModelDefinition, "rows" | "split">,
  into: string,
): Promise<void> {
  const table = identifier(into);
  const [base, keyed] = [identifier(`${into}_base`), identifier(`${into}_keyed`)];
  const from = typeof rows === "string" ? rows : tableSql(rows);
  await authorSql(`${owner}: rows`, () => db.run(`CREATE OR REPLACE TABLE ${base} AS ${from}`));
  const names = (await db.rows(`DESCRIBE ${base}`)).map((row) => String(row["column_name"]));
  if (typeof rows !== "string")
    for (const [field, column] of Object.entries({
      label: [rows.label],
      time: rows.time === undefined ? [] : [rows.time],
      key: rows.key ?? [],
    })) {
      const unknown = column.find((name) => !names.includes(name));
      if (unknown !== undefined)
        throw new BadInput(
          `${owner}: rows.${field} must be a column of ${rows.table}, got ${unknown}${didYouMean(unknown, names)} (columns: ${names.slice(0, 30).join(", ")}${names.length > 30 ? " …" : ""})`,
        );
    }
  if (names.length === 0) throw new BadInput(`${owner}: rows must have columns`);
  const made = { row_key: keySql(rows, names), predict_at: timeSql(rows, names), label: labelSql(rows) };
  const kept = names.filter((name) => !Object.hasOwn(made, name)).map(identifier);
  await authorSql(`${owner}: rows`, () =>
    db.run(
      `CREATE OR REPLACE TABLE ${keyed} AS SELECT ${[...Object.entries(made).map(([name, sql]) => `${sql} AS ${name}`), ...kept].join(", ")} FROM ${base}`,
    ),
  );
  await db.run(`DROP TABLE ${base}`);
  const chosen = split ?? defaultSplit(rows);
  const others = names.includes("split") ? "* EXCLUDE (split)" : "*";
  await authorSql(`${owner}: split`, () =>
    db.run(
      chosen === undefined
        ? `CREATE OR REPLACE TABLE ${table} AS FROM ${keyed}`
        : `CREATE OR REPLACE TABLE ${table} AS
           FROM (SELECT ${others}, ${splitSql(chosen, keyed)} AS split FROM ${keyed}) WHERE split IS NOT NULL`,
    ),
  );
  await db.run(`DROP TABLE ${keyed}`);
}

function tableSql({ table, where }: TableRows): string {
  return `SELECT * FROM ${identifier(table)}${where === undefined ? "" : ` WHERE ${where}`}`;
}

function defaultSplit(rows: ModelDefinition["rows"]): Split | undefined {
  if (typeof rows === "string") return undefined;
  return { by: rows.time === undefined ? "key" : "time" };
}

/** Returns the SQL of a text that identifies a row: its key, or a hash of all of it. Equal rows without a key are numbered. */
function keySql(rows: ModelDefinition["rows"], names: readonly string[]): string {
  if (typeof rows === "string" && names.includes("row_key")) return "row_key::VARCHAR";
  const key = typeof rows === "string" ? undefined : rows.key;
  if (key?.length === 1) return `${identifier(key[0]!)}::VARCHAR`;
  if (key !== undefined) return jsonOf(key);
  const whole = `md5(${jsonOf(names)})`;
  return `${whole} || CASE row_number() OVER (PARTITION BY ${whole}) WHEN 1 THEN '' ELSE '-' || row_number() OVER (PARTITION BY ${whole}) END`;
}

function timeSql(rows: ModelDefinition["rows"], names: readonly string[]): string {
  const time =
    typeof rows === "string" ? (names.includes("predict_at") ? "predict_at" : undefined) : rows.time;
  return time === undefined ? NO_TIME : `${identifier(time)}::TIMESTAMP`;
}

function labelSql(rows: ModelDefinition["rows"]): string {
  return typeof rows === "string" ? "label" : identifier(rows.label);
}

/** Returns the SQL of values as one text, in which no two lists of values are the same. */
function jsonOf(names: readonly string[]): string {
  return `to_json([${names.map((name) => `${identifier(name)}::VARCHAR`).join(", ")}])::VARCHAR`;
}

/** Returns the SQL of the side of a row: `train`, `test`, or null if it is left out. */
function splitSql(split: Split, rows: string): string {
  return split.by === "key" ? splitByKey(split) : splitByTime(split, rows);
}

function splitByKey({
  test = TEST_SHARE,
  together,
  stratify = false,
  seed = 0,
}: Extract<Split, { by: "key" }>): string {
  const key = together === undefined ? "row_key" : jsonOf(together);
  // md5 is the same in every version of DuckDB, unlike its hash().
  const place = `('0x' || substr(md5(${literal(`${seed}:`)} || ${key}), 1, 8))::UBIGINT / 4294967296`;
  const position = stratify
    ? `(row_number() OVER (PARTITION BY label ORDER BY ${place}, row_key) - 0.5) / count(*) OVER (PARTITION BY label)`
    : place;
  return `CASE WHEN ${position} < ${test} THEN 'test' ELSE 'train' END`;
}

/** The newest labelled rows are for testing; rows without a label are on the side of their time. */
function splitByTime(
  { test = { share: TEST_SHARE }, train, gapDays = 0 }: Extract<Split, { by: "time" }>,
  rows: string,
): string {
  const day = (count: number): string => `to_microseconds(CAST(${count} * 86400000000 AS BIGINT))`;
  const begin =
    "days" in test
      ? `(SELECT max(predict_at) - ${day(test.days)} FROM ${rows} WHERE label IS NOT NULL)`
      : `(SELECT quantile_disc(predict_at, ${1 - test.share}) FROM ${rows} WHERE label IS NOT NULL)`;
  const end = `${begin} - ${day(gapDays)}`;
  const first = train === undefined ? "" : ` AND predict_at > ${end} - ${day(train.days)}`;
  return `CASE WHEN predict_at > ${begin} THEN 'test' WHEN predict_at <= ${end}${first} THEN 'train' END`;
}
