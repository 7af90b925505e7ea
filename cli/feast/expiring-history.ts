import type { FeatureView } from "../../runtime/contract/feature-view.ts";
import { identifier } from "../../runtime/duckdb.ts";

/**
 * Returns SQL that turns the history of a view (a table of `historySql`) into rows for stores with a single timestamp, such as
 * Feast: keys, `known_at`, features. Adds a row without values in 1970 for each entity, and one at the moment a value passes the
 * view's TTL, which counts from `event_at`. So "the last row by `known_at`" always exists and gives the values of our own store.
 */
export function expiringHistorySql(view: FeatureView, history: string): string {
  const keys = view.entity.map((key) => `${identifier(key)}::VARCHAR AS ${identifier(key)}`).join(", ");
  const plain = view.entity.map(identifier).join(", ");
  const names = view.features.map(({ name }) => identifier(name));
  const nothing = names.map((name) => `NULL::FLOAT AS ${name}`).join(", ");
  const begin = "TIMESTAMP '1970-01-01'";
  const beginnings = `SELECT ${keys}, ${begin} AS known_at, ${nothing} FROM ${history} GROUP BY ${plain} HAVING min(known_at) > ${begin}`;
  if (view.ttlSeconds === null)
    return `SELECT ${keys}, known_at, ${names.join(", ")} FROM ${history} UNION ALL ${beginnings}`;
  // Ages are compared in milliseconds: a value is stale from the millisecond after its TTL.
  const expires = `make_timestamp((epoch_ms(event_at) + ${view.ttlSeconds * 1000 + 1}) * 1000)`;
  const values = names.map((name) => `CASE WHEN known_at < expires_at THEN ${name} END AS ${name}`);
  return `
    WITH lives AS (
      SELECT *, ${expires} AS expires_at,
        lead(known_at) OVER (PARTITION BY ${plain} ORDER BY known_at) AS replaced_at
      FROM ${history})
    SELECT ${keys}, known_at, ${values.join(", ")} FROM lives
    UNION ALL
    SELECT ${keys}, expires_at AS known_at, ${nothing} FROM lives
    WHERE known_at < expires_at AND (replaced_at IS NULL OR expires_at < replaced_at)
    UNION ALL
    ${beginnings}`;
}
