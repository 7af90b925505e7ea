import type { ModelDefinition } from "../contract/model-definition.ts";
import { identifier } from "../duckdb.ts";
import type { DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";
import { labelRule } from "./labels.ts";

/**
 * Checks the prediction rows of a model. Throws BadInput with each broken rule and the number of rows that break it. `keys` are the
 * key columns of the model's views.
 */
export async function checkPredictionRows(
  db: DuckDb,
  table: string,
  owner: string,
  { request, segments, task }: Pick<ModelDefinition, "request" | "segments" | "task">,
  keys: readonly string[],
): Promise<void> {
  const columns = (await db.rows(`DESCRIBE ${identifier(table)}`)).map((row) => String(row["column_name"]));
  const wanted = [
    ...new Set([
      "row_key",
      "predict_at",
      "split",
      "label",
      ...keys,
      ...request.map(({ name }) => name),
      ...segments,
      ...(task.kind === "ranking" ? [task.group] : []),
    ]),
  ];
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw new BadInput(
      `${owner}: rows must have the columns ${wanted.join(", ")}; missing: ${missing.join(", ")}; got ${columns.join(", ")}`,
    );
  const types = new Map(
    (await db.rows(`DESCRIBE ${identifier(table)}`)).map((row) => [
      String(row["column_name"]),
      String(row["column_type"]),
    ]),
  );
  const label = labelRule(task);
  const rules: [rule: string, found: string][] = [
    ["row_key must be present and unique", "count(*) - count(DISTINCT row_key)"],
    ["predict_at must be a TIMESTAMP", "count(*) FILTER (WHERE TRY_CAST(predict_at AS TIMESTAMP) IS NULL)"],
    [
      "split must be train or test",
      "count(*) FILTER (WHERE split IS NULL OR split::VARCHAR NOT IN ('train', 'test'))",
    ],
    [label.rule, `count(*) FILTER (WHERE label IS NOT NULL AND ${label.breaks})`],
    // The cast of the join would name the value, and neither the rule nor the fix.
    ...request
      .filter(({ name, kind }) => kind === "numeric" && types.get(name) === "VARCHAR")
      .map(({ name }): [string, string] => [
        `${name} must be a number in every row (or make it categorical; or give its column a type, and ingest names the rows)`,
        `count(*) FILTER (WHERE ${identifier(name)} IS NOT NULL AND TRY_CAST(${identifier(name)} AS FLOAT) IS NULL)`,
      ]),
  ];
  const selected = rules.map(([, found], i) => `(${found})::DOUBLE AS c${i}`);
  const row = (await db.rows(`SELECT ${selected.join(", ")} FROM ${identifier(table)}`))[0] ?? {};
  if ((await db.number(`SELECT count(*) FROM ${identifier(table)}`)) === 0)
    throw new BadInput(`${owner}: rows must not be empty, got none; see the data, and where`);
  await refuseEmptyColumns(db, table, owner, request);
  const broken = rules.flatMap(([rule], i) =>
    Number(row[`c${i}`]) === 0 ? [] : [`${rule}: rows that break it ${Number(row[`c${i}`])}`],
  );
  if (broken.length > 0) throw new BadInput(`${owner}: ${broken.join("; ")}`);
}

/** A feature without any value tells a model nothing, and is mostly a wrong column. */
async function refuseEmptyColumns(
  db: DuckDb,
  table: string,
  owner: string,
  request: ModelDefinition["request"],
): Promise<void> {
  if (request.length === 0) return;
  const counts = request.map(({ name }, i) => `count(${identifier(name)})::DOUBLE AS c${i}`);
  const [row = {}] = await db.rows(`SELECT ${counts.join(", ")} FROM ${identifier(table)}`);
  const empty = request.filter((_, i) => Number(row[`c${i}`]) === 0).map(({ name }) => name);
  if (empty.length > 0)
    throw new BadInput(
      `${owner}: ${empty.slice(0, 10).join(", ")} must have a value in some row, got none; leave it out of request`,
    );
}
