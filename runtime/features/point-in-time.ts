import { entityColumn, GROUP_COLUMN, segmentColumn } from "../contract/feature.ts";
import type { FeatureColumn, FeatureView } from "../contract/feature-view.ts";
import type { ModelDefinition } from "../contract/model-definition.ts";
import type { LearntTask } from "../contract/task.ts";
import { identifier, literal } from "../duckdb.ts";
import { encodedLabel } from "./labels.ts";

/**
 * Returns SQL for a view's history, one row per entity and `known_at`: keys, `event_at`, `known_at`, features as float32. Of rows that
 * became known at the same moment the latest event counts, then the greatest values, so that the order of rows does not matter.
 */
export function historySql(view: FeatureView): string {
  const keys = view.entity.map(identifier);
  const features = view.features.map(({ name }) => identifier(name));
  const latest = ["event_at DESC", ...features.map((name) => `${name} DESC NULLS LAST`)];
  return `SELECT ${[...keys, "event_at", "known_at"].join(", ")}, ${view.features.map((column) => encodedColumn(column, "")).join(", ")}
    FROM (${view.history})
    WHERE ${["known_at", "event_at", ...keys].map((name) => `${name} IS NOT NULL`).join(" AND ")}
    QUALIFY row_number() OVER (PARTITION BY ${[...keys, "known_at"].join(", ")} ORDER BY ${latest.join(", ")}) = 1`;
}

/** Returns SQL for the last row of each entity in a history that was known at `asOf` (SQL TIMESTAMP, UTC). */
export function latestSql(view: FeatureView, history: string, asOf: string): string {
  const keys = view.entity.map(identifier).join(", ");
  return `SELECT * FROM ${history} WHERE known_at <= ${asOf}
    QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY known_at DESC) = 1
    ORDER BY ${keys}`;
}

/**
 * Returns SQL for the feature table of a model: each row of `rows`, with the values of each view's history (a table named by
 * `historyOf`) that were known at its `predict_at`. A value that is older than the view's TTL is null, as in the online store.
 */
export function featureTableSql(
  model: Pick<ModelDefinition, "request" | "segments"> & { task: LearntTask },
  views: readonly FeatureView[],
  rows: string,
  historyOf: (view: FeatureView) => string,
): string {
  const keys = [...new Set(views.flatMap(({ entity }) => entity))];
  const columns = [
    ...["row_key", "predict_at", "split"].map((name) => `r.${name}`),
    `${encodedLabel(model.task, "r.label")} AS label`,
    ...(model.task.kind === "ranking"
      ? [`r.${identifier(model.task.group)}::VARCHAR AS ${GROUP_COLUMN}`]
      : []),
    ...keys.map((key) => `r.${identifier(key)}::VARCHAR AS ${identifier(entityColumn(key))}`),
    ...model.segments.map((name) => `r.${identifier(name)}::VARCHAR AS ${identifier(segmentColumn(name))}`),
    ...model.request.map((column) => encodedColumn(column, "r.")),
    ...views.flatMap((view, i) =>
      view.features.map(
        ({ name }) => `${unlessStale(view, `h${i}`, identifier(name))} AS ${identifier(name)}`,
      ),
    ),
  ];
  const joins = views.map((view, i) => {
    const equal = view.entity.map((key) => `r.${identifier(key)} = h${i}.${identifier(key)}`);
    return `ASOF LEFT JOIN ${historyOf(view)} h${i} ON ${[...equal, `r.predict_at >= h${i}.known_at`].join(" AND ")}`;
  });
  return `SELECT ${columns.join(",\n  ")}\nFROM ${rows} r\n${joins.join("\n")}\nORDER BY r.predict_at, r.row_key`;
}

function unlessStale({ ttlSeconds }: FeatureView, alias: string, name: string): string {
  if (ttlSeconds === null) return `${alias}.${name}`;
  const age = `epoch_ms(r.predict_at) - epoch_ms(${alias}.event_at)`;
  return `CASE WHEN ${age} <= ${ttlSeconds * 1000} THEN ${alias}.${name} END`;
}

/**
 * Returns the SQL of a column as float32: a category becomes its code; a category that the definition does not list, and a number
 * outside of the column's limits, become null. A server reads requests in the same way.
 */
function encodedColumn(column: FeatureColumn, prefix: string): string {
  const { name, kind, categories = [], min, max } = column;
  const source = `${prefix}${identifier(name)}`;
  const value =
    kind === "numeric"
      ? source
      : `nullif(coalesce(list_position([${categories.map(literal).join(", ")}], ${source}::VARCHAR), 0), 0) - 1`;
  const float = `CAST(${value} AS FLOAT)`;
  // Limits are compared as float32, as a server compares them: no value may pass here and not there.
  const limits = [
    ...(min === undefined ? [] : [`${float} >= CAST(${min} AS FLOAT)`]),
    ...(max === undefined ? [] : [`${float} <= CAST(${max} AS FLOAT)`]),
  ];
  const encoded = limits.length === 0 ? float : `CASE WHEN ${limits.join(" AND ")} THEN ${float} END`;
  return `${encoded} AS ${identifier(name)}`;
}
