import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureView } from "../../../runtime/contract/feature-view.ts";
import type { ModelDefinition } from "../../../runtime/contract/model-definition.ts";
import { stepDefinition } from "../../../runtime/contract/step-definition.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import type { DuckDb } from "../../../runtime/duckdb.ts";
import { buildHistory, featuresOf } from "../../../runtime/features/feature-table.ts";
import { latestRecords } from "../../../runtime/features/materialize.ts";
import { BINARY } from "../../../runtime/contract/task.ts";
import { createPredictionRows } from "../../../runtime/features/prediction-rows.ts";
import { featureTableSql } from "../../../runtime/features/point-in-time.ts";
import { DEPARTED_AT } from "../../../workloads/flight-delays/views.ts";
import { flightDelays } from "../support/flight-delays.ts";
import { syntheticFlights } from "../support/synthetic-flights.ts";

const CUT = "TIMESTAMP '2013-03-10 14:23:00'"; // the day on which the clocks change, in the middle of the traffic

const ROWS = 5000;

let db: DuckDb;
beforeAll(async () => {
  db = await openDuckDb({ threads: 2 });
  await syntheticFlights(db, ROWS);
});
afterAll(() => db.close());

async function build(model: ModelDefinition, views: readonly FeatureView[], into: string): Promise<void> {
  const histories = new Map<string, string>();
  for (const view of views) histories.set(view.name, await buildHistory(db, view));
  await createPredictionRows(db, model.name, model, `rows_${into}`);
  const table = featureTableSql({ ...model, task: BINARY }, views, `rows_${into}`, (view) =>
    histories.get(view.name)!,
  );
  await db.run(`CREATE OR REPLACE TABLE ${into} AS ${table}`);
}

/** Changes everything that happened, or became known, after the cut: later departures and arrivals, other weather, new flights. */
async function shiftTheFuture(): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE flights AS
    SELECT * REPLACE (
      CASE WHEN ${DEPARTED_AT} > ${CUT} THEN CASE WHEN flight % 7 = 0 THEN NULL ELSE dep_delay + 1 + flight % 300 END ELSE dep_delay END AS dep_delay,
      CASE WHEN ${DEPARTED_AT} + to_minutes(air_time) > ${CUT} THEN arr_delay + 1 + flight % 500 ELSE arr_delay END AS arr_delay)
    FROM flights
    UNION ALL BY NAME
    SELECT * REPLACE (flight + 9000 AS flight, 60 AS dep_delay) FROM flights WHERE time_hour > ${CUT}`);
  await db.run(`
    UPDATE weather SET temp = temp - 100, wind_speed = 3 * wind_speed, wind_dir = NULL WHERE time_hour + INTERVAL 1 HOUR > ${CUT}`);
}

/** Names of the features that differ between two tables in rows that are predicted before or after the cut. */
async function moved(model: ModelDefinition, side: "<=" | ">"): Promise<string[]> {
  const names = featuresOf(stepDefinition("features", flightDelays, model.name)).map(({ name }) => name);
  const counts = names.map(
    (name) => `count(*) FILTER (WHERE a."${name}" IS DISTINCT FROM b."${name}") AS "${name}"`,
  );
  const [row = {}] = await db.rows(
    `SELECT ${counts.join(", ")} FROM before a JOIN after b USING (row_key) WHERE a.predict_at ${side} ${CUT} AND b.predict_at ${side} ${CUT}`,
  );
  return names.filter((name) => Number(row[name]) > 0);
}

describe.each(flightDelays.models.map((model) => [model.name, model] as const))(
  "features of %s",
  (_, model) => {
    const views = stepDefinition("features", flightDelays, model.name).views;

    it("do not move when the future does, at or before the moment from which it does", async () => {
      await syntheticFlights(db, ROWS);
      await build(model, views, "before");
      await shiftTheFuture();
      await build(model, views, "after");
      const early = `predict_at <= ${CUT}`;
      const rows = await db.number(`SELECT count(*) FROM before WHERE ${early}`);
      expect(rows).toBeGreaterThan(1500);
      expect(
        await db.number(`SELECT count(*) FROM after JOIN before USING (row_key) WHERE after.${early}`),
      ).toBe(rows);
      expect(await moved(model, "<=")).toEqual([]);
      const later = await moved(model, ">");
      for (const name of [
        "temp",
        "wind_speed",
        "wind_dir",
        "recent_departures",
        "recent_dep_delay",
        "recent_late_share",
        "leg_dep_delay",
        "leg_arr_delay",
      ])
        expect(later).toContain(name); // the shift did reach every view that changes
    });

    it("keep one row for each prediction, and lose none", async () => {
      await syntheticFlights(db, ROWS);
      await build(model, views, "before");
      const sizes = await db.rows(
        "SELECT (SELECT count(*) FROM before) AS a, (SELECT count(*) FROM rows_before) AS b",
      );
      expect(sizes[0]?.["a"]).toBe(sizes[0]?.["b"]);
    });

    it("are the same from the online store's records as from the training join", async () => {
      await syntheticFlights(db, ROWS);
      await build(model, views, "before");
      const [row = {}] = await db.rows(
        `SELECT *, epoch_ms(predict_at)::DOUBLE AS at_ms FROM before WHERE entity_tailnum IS NOT NULL AND leg_arr_delay IS NOT NULL AND predict_at <= ${CUT}
       ORDER BY predict_at DESC LIMIT 1`,
      );
      const at = new Date(Number(row["at_ms"]));
      for (const view of views) {
        const records = await latestRecords(db, view, at);
        const key = view.entity.map((name) => row[`entity_${name}`]).join("|");
        const record = records.find(({ entity }) => entity.join("|") === key)?.record;
        const expected = view.features.map(({ name }) => (row[name] === null ? NaN : Number(row[name])));
        const fresh =
          record !== undefined &&
          (view.ttlSeconds === null || at.getTime() - record.eventTimeMs <= view.ttlSeconds * 1000);
        expect([view.name, fresh ? [...record.values] : view.features.map(() => NaN)]).toEqual([
          view.name,
          expected,
        ]);
      }
    });
  },
);

describe("the test of the future", () => {
  it.each([
    ["plane-leg", "arrived_at AS known_at", "arrived_at - INTERVAL 6 HOUR AS known_at"],
    ["origin-weather", "time_hour + INTERVAL 1 HOUR AS known_at", "time_hour AS known_at"],
    ["origin-delays", "event_at AS known_at", "event_at - INTERVAL 1 HOUR AS known_at"],
  ])("catches %s looking ahead", async (name, honest, leaking) => {
    const model = flightDelays.models[0]!;
    const views = stepDefinition("features", flightDelays, model.name).views;
    const leaky = views.map((view) =>
      view.name === name ? { ...view, history: view.history.replace(honest, leaking) } : view,
    );
    expect(leaky).not.toEqual(views);
    await syntheticFlights(db, ROWS);
    await build(model, leaky, "before");
    await shiftTheFuture();
    await build(model, leaky, "after");
    const features = views.find((view) => view.name === name)!.features.map((feature) => feature.name);
    const caught = await moved(model, "<=");
    expect(caught.length).toBeGreaterThan(0);
    expect(features).toEqual(expect.arrayContaining(caught));
  });
});

describe("a number outside of its column's limits", () => {
  it("is null in prediction rows and in a view's history", async () => {
    const column = { name: "seats", kind: "numeric", min: 1, max: 400.1 } as const;
    const model = { ...flightDelays.models[0]!, request: [column], segments: [], views: [] };
    await db.run(`CREATE OR REPLACE TABLE limited AS SELECT * FROM (VALUES
      ('a', 0.9), ('b', 1), ('c', 400.1), ('d', 401), ('e', NULL)) AS t(row_key, seats), (SELECT now() AS predict_at, 'train' AS split, 0 AS label)`);
    const rows = await db.rows(featureTableSql({ ...model, task: BINARY }, [], "limited", () => ""));
    const expected = [null, 1, Math.fround(400.1), null, null];
    expect(rows.map(({ seats }) => seats)).toEqual(expected);
    const view = { ...flightDelays.views.find(({ name }) => name === "plane")!, features: [column] };
    const history =
      "SELECT row_key AS tailnum, predict_at::TIMESTAMP AS event_at, event_at AS known_at, seats FROM limited";
    const table = await buildHistory(db, { ...view, history });
    expect((await db.rows(`FROM ${table} ORDER BY tailnum`)).map(({ seats }) => seats)).toEqual(expected);
  });
});

describe("a flight's times", () => {
  it("cross midnight and the change of the clocks", async () => {
    const view = flightDelays.views.find(({ name }) => name === "plane-leg")!;
    await db.run(
      "CREATE OR REPLACE TABLE airports AS SELECT 'LAX' AS faa, 'America/Los_Angeles' AS tzone UNION ALL SELECT 'BOS', 'America/New_York'",
    );
    // EST is UTC-5, EDT UTC-4, PST UTC-8, PDT UTC-7, Puerto Rico UTC-4 all year; the clocks change on 10 March 2013 at 2:00.
    await db.run(`
      CREATE OR REPLACE TABLE flights AS SELECT * FROM (VALUES
        ('N1', 2013, 3, 9, TIMESTAMP '2013-03-10 02:00', 30, 'LAX', 100, 0, 0, 300),    -- 21:30 EST to 1:00 PST
        ('N2', 2013, 3, 9, TIMESTAMP '2013-03-10 03:00', 0, 'SJU', 259, 10, 20, 200),   -- 22:00 EST to 2:59 AST
        ('N3', 2013, 3, 10, TIMESTAMP '2013-03-10 11:00', 0, 'BOS', 815, 5, -5, 50),    -- 7:00 EDT to 8:15 EDT
        ('N4', 2013, 7, 1, TIMESTAMP '2013-07-01 23:00', 0, 'LAX', 2200, 120, 100, 320), -- 19:00 EDT to 22:00 PDT
        ('N5', 2013, 11, 2, TIMESTAMP '2013-11-03 00:00', 0, 'LAX', 230, 0, 0, 300)      -- 20:00 EDT to 2:30 PST, PDT no more
      ) AS t(tailnum, year, month, day, time_hour, minute, dest, sched_arr_time, dep_delay, arr_delay, air_time)`);
    await db.run("CREATE OR REPLACE TABLE legs AS " + view.history);
    const rows = await db.rows(
      "SELECT tailnum, strftime(known_at, '%m-%d %H:%M') AS at FROM legs ORDER BY tailnum",
    );
    expect(rows.map(({ at }) => at)).toEqual([
      "03-10 09:00",
      "03-10 07:19",
      "03-10 12:10",
      "07-02 06:40",
      "11-03 10:30",
    ]);
  });
});
