import type { FeatureView } from "../../runtime/contract/feature-view.ts";

/** Scheduled departure, UTC: `time_hour` is the scheduled hour in UTC, correct over both changes of the clocks. */
export const SCHEDULED_AT = "time_hour + to_minutes(minute)";

/** Actual departure, UTC, known from that moment on; NULL if the flight was cancelled. */
export const DEPARTED_AT = `${SCHEDULED_AT} + to_minutes(dep_delay)`;

/**
 * Arrival times of flights, UTC. `sched_arr_time` is a clock time at the destination, on the day of departure or, after midnight, the
 * next day. Airports without a time zone in the source are all in Puerto Rico and the Virgin Islands, on Atlantic time. A flight
 * arrives at the earliest `air_time` after its departure.
 */
const ARRIVALS = `
  SELECT tailnum, dep_delay, arr_delay, greatest(
      CASE WHEN same_day > ${SCHEDULED_AT} THEN same_day ELSE next_day END + to_minutes(arr_delay),
      ${DEPARTED_AT} + to_minutes(air_time)) AS arrived_at
  FROM (
    SELECT *, timezone('UTC', timezone(zone, clock)) AS same_day,
      timezone('UTC', timezone(zone, clock + INTERVAL 1 DAY)) AS next_day
    FROM (
      SELECT f.*, coalesce(a.tzone, 'America/Puerto_Rico') AS zone,
        make_timestamp(f.year, f.month, f.day, 0, 0, 0) + to_minutes(sched_arr_time // 100 * 60 + sched_arr_time % 100) AS clock
      FROM flights f LEFT JOIN airports a ON a.faa = f.dest
      WHERE arr_delay IS NOT NULL AND dep_delay IS NOT NULL AND tailnum IS NOT NULL))`;

const originWeather: FeatureView = {
  name: "origin-weather",
  description: "Weather at the origin, by the hour; an hour is known when it has passed",
  entity: ["origin"],
  tables: ["weather"],
  windowSeconds: 3600,
  ttlSeconds: 4 * 3600,
  features: [
    { name: "temp", kind: "numeric", description: "Fahrenheit" },
    { name: "dewp", kind: "numeric", description: "Fahrenheit" },
    { name: "humid", kind: "numeric", description: "percent" },
    { name: "wind_dir", kind: "numeric", description: "degrees" },
    { name: "wind_speed", kind: "numeric", description: "mph" },
    { name: "wind_gust", kind: "numeric", description: "mph" },
    { name: "precip", kind: "numeric", description: "inches" },
    { name: "pressure", kind: "numeric", description: "millibars" },
    { name: "visib", kind: "numeric", description: "miles" },
  ],
  // A wind of 1,048 mph is an error of the source: no instrument at an airport shows more than 200.
  history: `
    SELECT origin, time_hour AS event_at, time_hour + INTERVAL 1 HOUR AS known_at, temp, dewp, humid, wind_dir,
      CASE WHEN wind_speed <= 200 THEN wind_speed END AS wind_speed, wind_gust, precip, pressure, visib
    FROM weather`,
};

const plane: FeatureView = {
  name: "plane",
  description: "The plane's entry in the civil register, which does not change",
  entity: ["tailnum"],
  tables: ["planes"],
  windowSeconds: null,
  ttlSeconds: null,
  features: [
    { name: "built", kind: "numeric", description: "year" },
    { name: "seats", kind: "numeric" },
  ],
  history: `
    SELECT tailnum, TIMESTAMP '1970-01-01' AS event_at, TIMESTAMP '1970-01-01' AS known_at, year AS built, seats FROM planes`,
};

const WINDOW_SECONDS = 2 * 3600;
const TICK_SECONDS = 300;

/**
 * One row every five minutes for each origin. A row, or tick, sums the departures of the two hours before it, so all of them are known
 * at that time. The sums use a window function over a full grid of ticks; a range join of flights with themselves is far slower.
 */
const originDelays: FeatureView = {
  name: "origin-delays",
  description: "Departures at the origin in the last two hours, every five minutes",
  entity: ["origin"],
  tables: ["flights"],
  windowSeconds: WINDOW_SECONDS,
  ttlSeconds: 3600,
  features: [
    { name: "recent_departures", kind: "numeric" },
    { name: "recent_dep_delay", kind: "numeric", description: "mean, minutes" },
    { name: "recent_late_share", kind: "numeric", description: "share that left 15 or more minutes late" },
  ],
  history: `
    WITH departures AS (
      SELECT origin, ceil(epoch(${DEPARTED_AT}) / ${TICK_SECONDS})::BIGINT AS tick, count(*) AS n,
        sum(dep_delay) AS delay, count(*) FILTER (WHERE dep_delay >= 15) AS late
      FROM flights WHERE dep_delay IS NOT NULL GROUP BY ALL),
    ticks AS (
      SELECT origin, unnest(range(first, last + ${WINDOW_SECONDS / TICK_SECONDS} + 1)) AS tick
      FROM (SELECT origin, min(tick) AS first, max(tick) AS last FROM departures GROUP BY origin)),
    summed AS (
      SELECT origin, tick, sum(n) OVER w AS n, sum(delay) OVER w AS delay, sum(late) OVER w AS late
      FROM ticks LEFT JOIN departures USING (origin, tick)
      WINDOW w AS (PARTITION BY origin ORDER BY tick ROWS BETWEEN ${WINDOW_SECONDS / TICK_SECONDS - 1} PRECEDING AND CURRENT ROW))
    SELECT origin, make_timestamp(tick * ${TICK_SECONDS} * 1000000) AS event_at, event_at AS known_at,
      coalesce(n, 0) AS recent_departures, delay / n AS recent_dep_delay, late / n AS recent_late_share
    FROM summed`,
};

const planeLeg: FeatureView = {
  name: "plane-leg",
  description: "The plane's previous flight out of New York, known when it has landed",
  entity: ["tailnum"],
  tables: ["flights", "airports"],
  windowSeconds: null,
  ttlSeconds: 24 * 3600,
  features: [
    { name: "leg_dep_delay", kind: "numeric", description: "minutes" },
    { name: "leg_arr_delay", kind: "numeric", description: "minutes" },
  ],
  history: `
    SELECT tailnum, arrived_at AS event_at, arrived_at AS known_at, dep_delay AS leg_dep_delay, arr_delay AS leg_arr_delay
    FROM (${ARRIVALS})`,
};

export const views: readonly FeatureView[] = [originWeather, plane, originDelays, planeLeg];
