import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { feastRepository } from "../../../cli/feast/feast-repository.ts";
import { pythonName, quoted } from "../../../cli/feast/python-text.ts";
import { tectonDefinitions } from "../../../cli/feast/tecton-definitions.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { expiringHistorySql } from "../../../cli/feast/expiring-history.ts";
import type { FeatureView } from "../../../runtime/contract/feature-view.ts";
import { flightDelays } from "../../runtime/support/flight-delays.ts";

const repository = feastRepository(flightDelays);

describe("the Feast repository", () => {
  it("keeps what the online store asks for out of its files", () => {
    expect(parse(repository["feature_store.yaml"])).toEqual({
      project: "flight_delays",
      provider: "local",
      registry: { registry_type: "file", path: "data/registry.db" },
      offline_store: { type: "file" },
      online_store: { type: "redis", connection_string: "${FEAST_REDIS}" },
      entity_key_serialization_version: 3,
    });
  });

  it("defines every entity, view, feature and model once", () => {
    const definitions = repository["definitions.py"];
    const times = (text: string): number => definitions.split(text).length - 1;
    for (const { name, features } of flightDelays.views) {
      expect(times(`${pythonName(name)}_view = FeatureView(`)).toBe(1);
      for (const feature of features) expect(times(`Field(name="${feature.name}", dtype=Float32`)).toBe(1);
    }
    for (const { name } of flightDelays.models)
      expect(times(`${pythonName(name)}_service = FeatureService(`)).toBe(1);
    expect(times(" = Entity(")).toBe(2);
  });

  it("is the same each time", () => {
    expect(feastRepository(flightDelays)).toEqual(repository);
  });
});

it("the definitions for Tecton have every view and model, and say that they are not tested", () => {
  const definitions = tectonDefinitions(flightDelays);
  for (const { name } of flightDelays.views) expect(definitions).toContain(`def ${pythonName(name)}(`);
  for (const { name } of flightDelays.models) expect(definitions).toContain(`${pythonName(name)}_service = `);
  expect(definitions).toContain("# Not tested:");
});

it.each([
  ["origin-weather", "origin_weather"],
  ["2-hours", "_2_hours"],
])("%s becomes the Python name %s", (name, python) => {
  expect(pythonName(name)).toBe(python);
});

it("quotes what would end a Python string", () => {
  expect(quoted('the "plane"\n\\')).toBe('"the \\"plane\\"\\n\\\\"');
});

describe("a history for stores that know one time", () => {
  const view: FeatureView = {
    name: "v",
    description: "",
    entity: ["k"],
    tables: [],
    windowSeconds: null,
    ttlSeconds: 10,
    features: [{ name: "x", kind: "numeric" }],
    history: "",
  };

  /** Rows are `[event second, known second, value]` of one entity. */
  async function expiring(
    rows: [number, number, number][],
    ttlSeconds: number | null = 10,
  ): Promise<string[]> {
    const db = await openDuckDb({ threads: 1 });
    try {
      const values = rows.map(
        ([event, known, x]) =>
          `('a', make_timestamp(${event}000000), make_timestamp(${known}000000), ${x}::FLOAT)`,
      );
      await db.run(`CREATE TABLE h AS FROM (VALUES ${values.join(", ")}) t(k, event_at, known_at, x)`);
      const sql = expiringHistorySql({ ...view, ttlSeconds }, "h");
      const found = await db.rows(`SELECT epoch_ms(known_at) AS at, x FROM (${sql}) ORDER BY known_at`);
      expect(Number(found[0]!["at"])).toBe(0);
      expect(found.shift()!["x"]).toBeNull(); // every entity begins with nothing
      return found.map(({ at, x }) => `${Number(at)}: ${x === null ? "nothing" : Number(x)}`);
    } finally {
      db.close();
    }
  }

  it("ends a value one millisecond after its TTL, which counts from the event", async () => {
    expect(await expiring([[100, 104, 7]])).toEqual(["104000: 7", "110001: nothing"]);
  });

  it("does not end a value that a newer one has replaced", async () => {
    expect(
      await expiring([
        [100, 100, 7],
        [105, 105, 8],
      ]),
    ).toEqual(["100000: 7", "105000: 8", "115001: nothing"]);
  });

  it("gives no value that is stale when it gets known", async () => {
    expect(await expiring([[100, 120, 7]])).toEqual(["120000: nothing"]);
  });

  it("has no second beginning where a value was always known", async () => {
    const db = await openDuckDb({ threads: 1 });
    const epoch = "TIMESTAMP '1970-01-01'";
    await db.run(
      `CREATE TABLE h AS SELECT 'a' AS k, ${epoch} AS event_at, ${epoch} AS known_at, 7::FLOAT AS x`,
    );
    const found = await db.rows(`SELECT x FROM (${expiringHistorySql({ ...view, ttlSeconds: null }, "h")})`);
    db.close();
    expect(found).toEqual([{ x: 7 }]);
  });

  it("never ends a value without a TTL", async () => {
    expect(await expiring([[100, 100, 7]], null)).toEqual(["100000: 7"]);
  });
});
