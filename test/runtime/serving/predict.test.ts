import { describe, expect, test } from "vitest";
import { Unavailable } from "../../../runtime/errors.ts";
import type { Lookup, LookupResult } from "../../../runtime/features/online-store.ts";
import { servedTinyModel } from "./served-tiny-model.ts";
import { tinyCard } from "./tiny-model.ts";

const AT = "2013-12-31T12:00:00Z";
const URL = "/v1/models/tiny:predict";
/** JFK: 40 degrees, wind 10; N1: 150 seats. */
const KNOWN: Record<string, number[]> = {
  "origin-weather/JFK": [10, 40],
  "plane/N1": [150],
  "plane/N2": [NaN],
};

/** Knows KNOWN; the weather of LGA is stale. */
async function lookup(lookups: readonly Lookup[]): Promise<LookupResult[]> {
  return lookups.map(({ view, entity }) => {
    const values = KNOWN[`${view.name}/${entity?.join("|")}`];
    const status = values ? "hit" : entity?.[0] === "LGA" ? "stale" : "missing";
    return {
      status,
      eventTimeMs: null,
      values: Float32Array.from(values ?? Array<number>(view.features.length).fill(NaN)),
    };
  });
}

async function predict(payload: object, options = { lookup }): Promise<{ status: number; json: object }> {
  const { app } = await servedTinyModel(options);
  const response = await app.inject({ method: "POST", url: URL, payload });
  await app.close();
  return { status: response.statusCode, json: response.json() };
}

const full = {
  entities: { origin: "JFK", tailnum: "N1" },
  features: { carrier: "UA", dep_delay: 5 },
};

test("looks features up by entity, maps categories by name and returns the model's decision", async () => {
  expect(await predict({ at: AT, instances: [full] })).toEqual({
    status: 200,
    json: {
      model_name: "tiny",
      model_version: "0123456789ab",
      prediction_id: expect.any(String) as string,
      threshold: 0.5,
      predictions: [
        {
          probability: expect.closeTo(0.294215, 6) as number,
          decision: false,
          missing: [],
          stale: [],
          unknown: [],
          untrained: [],
        },
      ],
    },
  });
});

test("names the features of each instance that were missing, stale or unknown", async () => {
  const { status, json } = await predict({
    at: AT,
    instances: [
      { entities: { origin: "SFO" } },
      { entities: { origin: "LGA", tailnum: "N2" }, features: { carrier: "ZZ", dep_delay: 20 } },
      { ...full, entities: { origin: "JFK" } },
    ],
  });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    predictions: [
      { missing: ["carrier", "dep_delay", "temp", "wind", "seats"], stale: [], unknown: [] },
      { decision: true, missing: ["seats"], stale: ["temp", "wind"], unknown: ["carrier"] },
      { missing: ["seats"], stale: [], unknown: [] },
    ],
  });
});

test("reads a number outside of its feature's limits as infer does: as a missing value, which it names", async () => {
  const { app, model, recorded } = await servedTinyModel({ lookup });
  const limited = { ...tinyCard.features[1]!, min: -60, max: 1440, missingInTraining: false };
  model.card = { ...tinyCard, features: tinyCard.features.with(1, limited) };
  for (const [dep_delay, value, unknown] of [
    [-61, NaN, ["dep_delay"]],
    [1441, NaN, ["dep_delay"]],
    [-60, -60, []],
    [1440, 1440, []],
  ] as const) {
    const instances = [{ ...full, features: { carrier: "UA", dep_delay } }];
    const predicted = await app.inject({ method: "POST", url: URL, payload: { at: AT, instances } });
    expect(predicted.json()).toMatchObject({ predictions: [{ missing: [], unknown, untrained: unknown }] });
    const inputs = [{ name: "features", shape: [1, 5], datatype: "FP32", data: [1, dep_delay, 40, 10, 150] }];
    const inferred = await app.inject({ method: "POST", url: "/v2/models/tiny/infer", payload: { inputs } });
    expect(inferred.json<{ parameters: { untrained?: string } }>().parameters.untrained).toBe(unknown[0]);
    expect(recorded.splice(0).map(({ batch }) => batch[1])).toEqual([value, value]);
  }
  await app.close();
});

test("asks the store once for all instances, as of the request's time", async () => {
  const asked: [number, (readonly string[] | undefined)[]][] = [];
  await predict(
    { at: AT, instances: [full, { entities: { tailnum: "N2" } }] },
    {
      lookup: async (lookups: readonly Lookup[], atMs?: number) => {
        asked.push([atMs ?? 0, lookups.map(({ entity }) => entity)]);
        return lookup(lookups);
      },
    },
  );
  expect(asked).toEqual([[Date.parse(AT), [["JFK"], ["N1"], undefined, ["N2"]]]]);
});

test("reads a key that is also a feature of the request from either place", async () => {
  const model = await servedTinyModel({ lookup });
  model.model.card = {
    ...tinyCard,
    views: [{ name: "origin-weather", entity: ["carrier"], ttlSeconds: null, features: ["wind", "temp"] }],
  };
  const asked: (readonly string[] | undefined)[] = [];
  model.model.store.lookup = async (lookups) => {
    asked.push(...lookups.map(({ entity }) => entity));
    return lookup(lookups);
  };
  for (const instance of [{ features: { carrier: "UA" } }, { entities: { carrier: "UA" } }]) {
    const response = await model.app.inject({ method: "POST", url: URL, payload: { instances: [instance] } });
    expect(response.json()).toMatchObject({
      predictions: [{ missing: expect.not.arrayContaining(["carrier"]) as string[] }],
    });
  }
  await model.app.close();
  expect(asked).toEqual([["UA"], ["UA"]]);
});

test("uses the present as the time of a request without `at`", async () => {
  let at = 0;
  const { app } = await servedTinyModel({
    now: () => 1234,
    lookup: async (lookups, atMs) => ((at = atMs), lookup(lookups)),
  });
  await app.inject({ method: "POST", url: URL, payload: { instances: [full] } });
  await app.close();
  expect(at).toBe(1234);
});

test("answers 503 while the feature store is down, and infer goes on", async () => {
  const { app, metrics } = await servedTinyModel({
    lookup: () => Promise.reject(new Unavailable("feature store: read failed: check that Redis runs")),
  });
  const predicted = await app.inject({ method: "POST", url: URL, payload: { instances: [full] } });
  expect(predicted.statusCode).toBe(503);
  expect(predicted.json()).toEqual({ error: expect.stringMatching(/feature store/) as string });
  const inputs = [{ name: "features", shape: [1, 5], datatype: "FP32", data: [1, 5, 40, 10, 150] }];
  const inferred = await app.inject({ method: "POST", url: "/v2/models/tiny/infer", payload: { inputs } });
  expect(inferred.statusCode).toBe(200);
  const text = await metrics.registry.metrics();
  expect(text).toContain('slipway_feature_lookups_total{view="plane",status="error"} 1');
  expect(text).toContain('nv_inference_request_failure{model="tiny",version="0123456789ab"} 1');
  await app.close();
});

describe("refuses", () => {
  test.each<[string, object, RegExp]>([
    ["a body without instances", {}, /instances/],
    ["no instances", { instances: [] }, /instances/],
    ["an unknown field", { instances: [full], rows: [] }, /rows/],
    ["a time without zone", { at: "2013-12-31 12:00", instances: [full] }, /at/],
    [
      "an unknown entity",
      { instances: [{ entities: { dest: "LAX" } }] },
      /among origin, tailnum, got "dest"/,
    ],
    [
      "a feature that is looked up",
      { instances: [{ features: { temp: 40 } }] },
      /among carrier, dep_delay, got "temp"/,
    ],
    ["text for a number", { instances: [{ features: { dep_delay: "late" } }] }, /dep_delay must be a number/],
    [
      "a number for a category",
      { instances: [{ features: { carrier: 1 } }] },
      /carrier must be the name of a category, such as "AA"/,
    ],
    ["more instances than rows", { instances: Array<object>(4097).fill({}) }, /at most 4096, got 4097/],
  ])("%s", async (_name, body, message) => {
    expect(await predict(body)).toEqual({
      status: 400,
      json: { error: expect.stringMatching(message) as string },
    });
  });

  test("a model that is not served", async () => {
    const { app } = await servedTinyModel();
    const response = await app.inject({ method: "POST", url: "/v1/models/other:predict", payload: {} });
    expect(response.statusCode).toBe(404);
    await app.close();
  });
});
