import type { FeatureView } from "../contract/feature-view.ts";
import { identifier } from "../duckdb.ts";

/**
 * The history of a view (a table as `historySql` makes it) for stores that know one time and keep a row until a newer one comes:
 * keys, `known_at`, features. Where a row outlives the view's TTL, which counts from `event_at`, a row without values follows at
 * that moment. So "the last row by `known_at`" says at any time what our own join and our own store say.
 */
export function expiringHistorySql(view: FeatureView, history: string): string {
  const keys = view.entity.map((key) => `${identifier(key)}::VARCHAR AS ${identifier(key)}`).join(", ");
  const names = view.features.map(({ name }) => identifier(name));
  if (view.ttlSeconds === null) return `SELECT ${keys}, known_at, ${names.join(", ")} FROM ${history}`;
  const plain = view.entity.map(identifier).join(", ");
  // Ages are compared in milliseconds: a value is stale from the millisecond after its TTL.
  const expires = `make_timestamp((epoch_ms(event_at) + ${view.ttlSeconds * 1000 + 1}) * 1000)`;
  const values = names.map((name) => `CASE WHEN known_at < expires_at THEN ${name} END AS ${name}`);
  const nothing = names.map((name) => `NULL::FLOAT AS ${name}`);
  return `
    WITH lives AS (
      SELECT *, ${expires} AS expires_at,
        lead(known_at) OVER (PARTITION BY ${plain} ORDER BY known_at) AS replaced_at
      FROM ${history})
    SELECT ${keys}, known_at, ${values.join(", ")} FROM lives
    UNION ALL
    SELECT ${keys}, expires_at AS known_at, ${nothing.join(", ")} FROM lives
    WHERE known_at < expires_at AND (replaced_at IS NULL OR expires_at < replaced_at)`;
}
