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
  const label = labelRule(task);
  const rules: [rule: string, found: string][] = [
    ["row_key must be present and unique", "count(*) - count(DISTINCT row_key)"],
    ["predict_at must be a TIMESTAMP", "count(*) FILTER (WHERE TRY_CAST(predict_at AS TIMESTAMP) IS NULL)"],
    [
      "split must be train or test",
      "count(*) FILTER (WHERE split IS NULL OR split::VARCHAR NOT IN ('train', 'test'))",
    ],
    [label.rule, `count(*) FILTER (WHERE label IS NOT NULL AND ${label.breaks})`],
  ];
  const selected = rules.map(([, found], i) => `(${found})::DOUBLE AS c${i}`);
  const row = (await db.rows(`SELECT ${selected.join(", ")} FROM ${identifier(table)}`))[0] ?? {};
  const broken = rules.flatMap(([rule], i) =>
    Number(row[`c${i}`]) === 0 ? [] : [`${rule}: rows that break it ${Number(row[`c${i}`])}`],
  );
  if (broken.length > 0) throw new BadInput(`${owner}: ${broken.join("; ")}`);
}
