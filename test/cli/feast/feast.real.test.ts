import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonEnvironment } from "../../../bench/python-environment.ts";
import { exportHistories } from "../../../cli/feast/export-histories.ts";
import { feastRepository } from "../../../cli/feast/feast-repository.ts";
import { pythonName } from "../../../cli/feast/python-text.ts";
import { runCommand } from "../../../local/run-command.ts";
import { viewShape } from "../../../runtime/contract/feature-view.ts";
import { stepDefinition } from "../../../runtime/contract/step-definition.ts";
import { openDuckDb, type DuckDb } from "../../../runtime/duckdb.ts";
import { buildHistory } from "../../../runtime/features/feature-table.ts";
import { materialize } from "../../../runtime/features/materialize.ts";
import { connectOnlineStore, type OnlineStore } from "../../../runtime/features/online-store.ts";
import { BINARY } from "../../../runtime/contract/task.ts";
import { createPredictionRows } from "../../../runtime/features/prediction-rows.ts";
import { featureTableSql } from "../../../runtime/features/point-in-time.ts";
import { flightDelays } from "../../runtime/support/flight-delays.ts";
import { freePort, redisProcess, type RedisProcess } from "../../runtime/support/redis-process.ts";
import { syntheticFlights } from "../../runtime/support/synthetic-flights.ts";

/** In the middle of the traffic, and 50 minutes past the hour: some of the values are past their TTL, most are not. */
const AS_OF = new Date("2013-03-20T17:50:00Z");

describe("Feast, on the repository that is generated from our views", () => {
  let folder: string;
  let db: DuckDb;
  let redis: RedisProcess;
  let store: OnlineStore;
  let server: ChildProcess;
  let url: string;
  let feast: (...args: string[]) => Promise<string>;
  let python: string;

  beforeAll(async () => {
    python = await pythonEnvironment("feast", ["feast[redis]==0.67.0"]);
    folder = await mkdtemp(join(tmpdir(), "feast-"));
    redis = await redisProcess();
    db = await openDuckDb({ threads: 2 });
    await syntheticFlights(db, 5000);
    // An origin without departures in the last hour: its last row is past the TTL.
    await db.run("DELETE FROM flights WHERE origin = 'LGA' AND time_hour >= TIMESTAMP '2013-03-20 13:00:00'");
    await db.run("DELETE FROM weather WHERE origin = 'EWR' AND time_hour >= TIMESTAMP '2013-03-20 13:00:00'");
    for (const [file, text] of Object.entries(feastRepository(flightDelays)))
      await writeFile(join(folder, file), text);
    await exportHistories(db, flightDelays, folder);

    const { host } = new URL(redis.url);
    const env = { FEAST_REDIS: `${host},password=${redis.password}`, FEAST_USAGE: "False" };
    const command = join(dirname(python), "feast");
    feast = (...args) => runCommand(command, ["--chdir", folder, ...args], { env });
    await feast("apply");
    await feast("materialize", "1969-12-31T00:00:00", AS_OF.toISOString().slice(0, 19));
    store = connectOnlineStore(
      { SLIPWAY_FEATURE_STORE_URL: redis.url, SLIPWAY_FEATURE_STORE_PASSWORD: redis.password },
      flightDelays.name,
      { timeoutMs: 30_000 },
    );
    for (const view of flightDelays.views) await materialize(db, store, view, AS_OF);

    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const args = [
      "--chdir",
      folder,
      "serve",
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--no-access-log",
    ];
    server = spawn(command, args, { env: { ...process.env, ...env }, stdio: "ignore", detached: true });
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${url}/health`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) break;
      if (tries === 240) throw new Error("feast serve did not answer in 60 s");
      await sleep(250);
    }
  }, 600_000);

  afterAll(async () => {
    if (server?.pid !== undefined) process.kill(-server.pid, "SIGKILL");
    await store?.close();
    await redis?.close();
    db?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Values by feature, one for each entity; null where Feast has none. */
  async function served(
    features: string[],
    entities: Record<string, string[]>,
  ): Promise<Map<string, unknown[]>> {
    const response = await fetch(`${url}/get-online-features`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ features, entities }),
    });
    expect(response.status).toBe(200);
    const { metadata, results } = (await response.json()) as {
      metadata: { feature_names: string[] };
      results: { values: unknown[] }[];
    };
    return new Map(metadata.feature_names.map((name, i) => [name, results[i]!.values]));
  }

  it.each(flightDelays.views.map((view) => [view.name, view] as const))(
    "serves the values of %s that our store gives for the same entities at the same time",
    async (_, view) => {
      const [key = ""] = view.entity;
      const table = key === "origin" ? "flights" : "flights WHERE tailnum IS NOT NULL";
      const rows = await db.rows(`SELECT DISTINCT ${key}::VARCHAR AS k FROM ${table} ORDER BY ALL`);
      const entities = [...rows.map((row) => String(row["k"])), "nobody-knows-it"];
      const names = view.features.map(({ name }) => `${pythonName(view.name)}:${name}`);
      const theirs = await served(names, { [key]: entities });
      const ours = await store.getMany(
        viewShape(view),
        entities.map((entity) => [entity]),
        AS_OF.getTime(),
      );
      let present = 0;
      ours.forEach(({ values }, row) =>
        view.features.forEach(({ name }, column) => {
          const value = theirs.get(name)?.[row] as number | null;
          if (value !== null) present++;
          expect(value === null ? NaN : Math.fround(value), `${name} of ${entities[row]}`).toBe(
            values[column],
          );
        }),
      );
      expect(present).toBeGreaterThan(0);
      if (["origin-weather", "origin-delays", "plane-leg"].includes(view.name))
        expect(ours.some(({ status }) => status === "stale")).toBe(true);
    },
  );

  it("serves a model's features by the name of the model", async () => {
    const response = await fetch(`${url}/get-online-features`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        feature_service: "pushback",
        entities: { origin: ["JFK"], tailnum: ["N10001"] },
      }),
    });
    const { metadata } = (await response.json()) as { metadata: { feature_names: string[] } };
    const { views } = stepDefinition("features", flightDelays, "pushback");
    const names = views.flatMap((view) => view.features.map(({ name }) => name));
    expect(metadata.feature_names.filter((name) => name !== "origin" && name !== "tailnum").sort()).toEqual(
      names.sort(),
    );
  });

  // Feast's local join pairs each row with the whole history of its entity: 60 rows take a while already.
  it("joins training rows as we do, value by value, at every prediction's own time", async () => {
    const { views, model } = stepDefinition("features", flightDelays, "pushback");
    const histories = new Map<string, string>();
    for (const view of views) histories.set(view.name, await buildHistory(db, view));
    await createPredictionRows(db, model.name, model, "rows_pushback");
    await db.run(
      `CREATE OR REPLACE TABLE ours AS ${featureTableSql({ ...model, task: BINARY }, views, "rows_pushback", (view) => histories.get(view.name)!)}`,
    );
    await db.run(
      `COPY (SELECT row_key, predict_at AS event_timestamp, entity_origin AS origin, coalesce(entity_tailnum, '') AS tailnum
         FROM ours ORDER BY hash(row_key) LIMIT 60) TO '${folder}/rows.parquet' (FORMAT parquet)`,
    );
    const script = `
import pandas as pd
from feast import FeatureStore
store = FeatureStore(repo_path=${JSON.stringify(folder)})
rows = pd.read_parquet(${JSON.stringify(`${folder}/rows.parquet`)})
rows["event_timestamp"] = rows["event_timestamp"].dt.tz_localize("UTC")
joined = store.get_historical_features(entity_df=rows, features=store.get_feature_service("pushback")).to_df()
joined.drop(columns=["event_timestamp"]).to_parquet(${JSON.stringify(`${folder}/joined.parquet`)})
`;
    const { host } = new URL(redis.url);
    const env = { FEAST_REDIS: `${host},password=${redis.password}`, FEAST_USAGE: "False" };
    await runCommand(python, ["-c", script], { env });
    const names = views.flatMap((view) => view.features.map(({ name }) => name));
    const differ = names.map(
      (name) =>
        `count(*) FILTER (WHERE nullif(o."${name}", 'nan'::FLOAT) IS DISTINCT FROM nullif(j."${name}"::FLOAT, 'nan'::FLOAT)) AS "${name}"`,
    );
    const [row = {}] = await db.rows(
      `SELECT count(*) AS n, ${differ.join(", ")} FROM ours o JOIN read_parquet('${folder}/joined.parquet') j USING (row_key)`,
    );
    expect(Number(row["n"])).toBe(60);
    expect(
      names.filter((name) => Number(row[name]) > 0).map((name) => `${name}: ${String(row[name])}`),
    ).toEqual([]);
  });
});
