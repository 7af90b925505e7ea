import type { ModelDefinition } from "../contract/model-definition.ts";
import { identifier } from "../duckdb.ts";
import type { DuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";

/**
 * Checks the prediction rows of a model. Throws BadInput with each broken rule and the number of rows that break it. `keys` are the
 * key columns of the model's views.
 */
export async function checkPredictionRows(
  db: DuckDb,
  table: string,
  owner: string,
  { request, segments }: Pick<ModelDefinition, "request" | "segments">,
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
    ]),
  ];
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw new BadInput(
      `${owner}: rows must have the columns ${wanted.join(", ")}; missing: ${missing.join(", ")}; got ${columns.join(", ")}`,
    );
  const rules: [rule: string, found: string][] = [
    ["row_key must be present and unique", "count(*) - count(DISTINCT row_key)"],
    ["predict_at must be a TIMESTAMP", "count(*) FILTER (WHERE TRY_CAST(predict_at AS TIMESTAMP) IS NULL)"],
    [
      "split must be train or test",
      "count(*) FILTER (WHERE split IS NULL OR split::VARCHAR NOT IN ('train', 'test'))",
    ],
    [
      "label must be 0, 1 or null (a model predicts yes or no; other tasks are not supported)",
      "count(*) FILTER (WHERE label IS NOT NULL AND coalesce(TRY_CAST(label AS DOUBLE), -1) NOT IN (0, 1))",
    ],
  ];
  const counts = ["train", "test"].flatMap((split) =>
    [0, 1].map(
      (label) =>
        `count(*) FILTER (WHERE split::VARCHAR = '${split}' AND TRY_CAST(label AS DOUBLE) = ${label})`,
    ),
  );
  const selected = [...rules.map(([, found]) => found), ...counts].map(
    (sql, i) => `(${sql})::DOUBLE AS c${i}`,
  );
  const row = (await db.rows(`SELECT ${selected.join(", ")} FROM ${identifier(table)}`))[0] ?? {};
  const found = selected.map((_, i) => Number(row[`c${i}`]));
  const broken = rules.flatMap(([rule], i) =>
    found[i] === 0 ? [] : [`${rule}: rows that break it ${found[i]}`],
  );
  if (broken.length > 0) throw new BadInput(`${owner}: ${broken.join("; ")}`);
  const [trainNo, trainYes, testNo, testYes] = found.slice(rules.length) as [number, number, number, number];
  for (const [split, no, yes] of [
    ["train", trainNo, trainYes],
    ["test", testNo, testYes],
  ] as const)
    if (no === 0 || yes === 0)
      throw new BadInput(
        `${owner}: ${split} rows must hold both labels, got ${no} rows of 0 and ${yes} of 1`,
      );
}
