import type { FeatureView } from "../contract/feature-view.ts";
import { viewShape } from "../contract/feature-view.ts";
import { literal } from "../duckdb.ts";
import type { DuckDb } from "../duckdb.ts";
import { buildHistory } from "./feature-table.ts";
import type { OnlineRecord } from "./online-codec.ts";
import type { OnlineStore } from "./online-store.ts";
import { latestSql } from "./point-in-time.ts";

/**
 * Redis removes a record after this time unless a run renews it; this only limits the memory. Readers check freshness by the view's
 * TTL, so that they can tell a stale value from an unknown entity.
 */
const RETENTION_SECONDS = 30 * 24 * 3600;

export interface EntityRecord {
  entity: string[];
  record: OnlineRecord;
}

/** Returns the values of every entity that were known at `asOf`, from the same history that training joins. */
export async function latestRecords(db: DuckDb, view: FeatureView, asOf: Date): Promise<EntityRecord[]> {
  const history = await buildHistory(db, view);
  const latest = latestSql(view, history, `TIMESTAMP ${literal(asOf.toISOString().replace("Z", ""))}`);
  const rows = await db.rows(
    `SELECT *, epoch_ms(event_at)::DOUBLE AS event_ms, epoch_ms(known_at)::DOUBLE AS known_ms FROM (${latest})`,
  );
  return rows.map((row) => ({
    entity: view.entity.map((key) => String(row[key])),
    record: {
      eventTimeMs: Number(row["event_ms"]),
      knownAtMs: Number(row["known_ms"]),
      values: Float32Array.from(view.features, ({ name }) => (row[name] === null ? NaN : Number(row[name]))),
    },
  }));
}

/** Writes the values of a view that were known at `asOf` to the online store and returns the number of entities. */
export async function materialize(
  db: DuckDb,
  store: OnlineStore,
  view: FeatureView,
  asOf: Date,
): Promise<number> {
  const records = await latestRecords(db, view, asOf);
  await store.putMany(viewShape(view), records, RETENTION_SECONDS);
  return records.length;
}
