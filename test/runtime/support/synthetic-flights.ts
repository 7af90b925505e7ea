import type { DuckDb } from "../../../runtime/duckdb.ts";

/** A number in [0, 1) that depends on the row and a word alone. */
const random = (word: string): string => `(hash(i, '${word}') % 100000) / 100000.0`;

/**
 * Fills `db` with flights, weather, planes and airports like those of the data set: some cancelled, some diverted, planes without
 * a register entry, arrivals after midnight, weather with holes, over 60 days around the change of the clocks in March. Lateness
 * follows the weather, the carrier and the departure delay, so that there is something to learn.
 */
export async function syntheticFlights(db: DuckDb, rows = 12_000): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE airports AS SELECT * FROM (VALUES
      ('LAX', 'America/Los_Angeles'), ('ORD', 'America/Chicago'), ('BOS', 'America/New_York'), ('HNL', 'Pacific/Honolulu'))
      AS t(faa, tzone)`);
  await db.run(`
    CREATE OR REPLACE TABLE planes AS
    SELECT 'N' || (10000 + i) AS tailnum, CASE WHEN i % 9 > 0 THEN 1980 + i % 34 END AS year, 50 + i % 300 AS seats
    FROM range(150) t(i)`);
  await db.run(`
    CREATE OR REPLACE TABLE weather AS
    SELECT origin, TIMESTAMP '2013-02-10' + to_hours(i) AS time_hour, 40 + 30 * ${random("temp")} AS temp, 30.0 AS dewp,
      50.0 AS humid, CASE WHEN i % 17 > 0 THEN i % 360 END AS wind_dir, 30 * ${random("wind")} AS wind_speed,
      CASE WHEN i % 5 = 0 THEN 40.0 END AS wind_gust, 0.0 AS precip, 1000.0 AS pressure, 10.0 AS visib
    FROM range(${60 * 24}) t(i), (VALUES ('EWR'), ('JFK'), ('LGA')) o(origin) WHERE hash(i, origin) % 50 > 0`);
  await db.run(`
    CREATE OR REPLACE TABLE flights AS
    WITH base AS (
      SELECT i, TIMESTAMP '2013-02-10 11:00' + to_days((i % 60)::INTEGER) + to_minutes((${random("minute")} * 1080)::BIGINT) AS scheduled,
        ['EWR', 'JFK', 'LGA'][1 + i % 3] AS origin, ['UA', 'AA', 'B6', 'EV'][1 + (hash(i, 'c') % 4)::INTEGER] AS carrier,
        ['LAX', 'ORD', 'BOS', 'HNL', 'SJU'][1 + (hash(i, 'd') % 5)::INTEGER] AS dest, i % 9000 + 1 AS flight,
        CASE WHEN hash(i, 't') % 40 > 0 THEN 'N' || (10000 + hash(i, 'plane') % 170) END AS tailnum,
        CASE WHEN hash(i, 'x') % 40 > 0 THEN (-8 - 25 * ln(1 - ${random("delay")}) + 10 * (hash(i, 'c') % 4 = 3)::INTEGER)::BIGINT END AS dep_delay
      FROM range(${rows}) t(i)),
    local AS (
      SELECT *, timezone('America/New_York', timezone('UTC', scheduled)) AS clock, 60 + (hash(dest) % 300)::BIGINT AS air_minutes FROM base)
    SELECT year(clock) AS year, month(clock) AS month, day(clock) AS day, hour(clock) AS hour, minute(clock) AS minute,
      hour(clock) * 100 + minute(clock) AS sched_dep_time, date_trunc('hour', scheduled) AS time_hour, dep_delay,
      CASE WHEN hash(i, 'y') % 50 > 0 AND dep_delay IS NOT NULL THEN air_minutes END AS air_time,
      CASE WHEN hash(i, 'y') % 50 > 0 THEN (dep_delay + 30 * ${random("air")} - 15)::BIGINT END AS arr_delay,
      (hour(clock) * 60 + minute(clock) + air_minutes + 30) % 1440 // 60 * 100 + (hour(clock) * 60 + minute(clock) + air_minutes + 30) % 60 AS sched_arr_time,
      origin, carrier, dest, flight, tailnum, 200 + (hash(dest) % 2000)::BIGINT AS distance
    FROM local`);
}
