import fc from "fast-check";
import { expect, test } from "vitest";
import type { HttpClient, HttpRequest } from "../../../runtime/traffic/http-client.ts";
import { replayRows, spread } from "../../../runtime/traffic/replay-rows.ts";
import type { ReplayResult } from "../../../runtime/traffic/replay-rows.ts";
import { servedTinyModel } from "../serving/served-tiny-model.ts";
import { tinyCard, tinyExamples } from "../serving/tiny-model.ts";

const features = tinyCard.features.map(({ name }) => name);
const values = Float32Array.from(tinyExamples.rows.flat(), (value) => value ?? NaN);
const options = {
  model: "tiny",
  features,
  values,
  rate: 1e6,
  batch: 3,
  signal: new AbortController().signal,
};

async function withClient<T>(
  work: (http: HttpClient) => Promise<T>,
  failing: (request: HttpRequest) => boolean = () => false,
): Promise<T> {
  const { app } = await servedTinyModel();
  const http: HttpClient = {
    async send(request) {
      if (failing(request)) return { status: 500, json: {}, milliseconds: 1 };
      const method = request.body === undefined ? "GET" : "POST";
      const response = await app.inject({ method, url: request.path, payload: request.body });
      return { status: response.statusCode, json: response.json(), milliseconds: 1 };
    },
    close: () => {},
  };
  return work(http).finally(() => app.close());
}

test("sends every row once, missing values and the last short batch too, and tells how it goes", async () => {
  const progress: number[] = [];
  const result = await withClient((http) =>
    replayRows({ ...options, http, onProgress: ({ rows }) => progress.push(rows) }),
  );
  const mean = tinyExamples.scores.reduce((a, b) => a + b, 0) / tinyExamples.scores.length;
  expect(result).toMatchObject({ rows: 4, requests: 2, failures: 0 });
  expect(result.meanScore).toBeCloseTo(mean, 6);
  expect(progress).toEqual([3, 4]);
});

test("keeps to its rate", async () => {
  const started = performance.now();
  await withClient((http) => replayRows({ ...options, http, batch: 1, rate: 20 }));
  expect(performance.now() - started).toBeGreaterThanOrEqual(149); // the fourth row is due after 3/20 s
});

test("counts a failed request and goes on, and gives up on a service that is down", async () => {
  let asked = 0;
  const result = await withClient(
    (http) => replayRows({ ...options, http, batch: 1 }),
    ({ body }) => body !== undefined && asked++ === 0,
  );
  expect(result).toMatchObject({ rows: 3, requests: 4, failures: 1 });
  const many = Float32Array.from({ length: 5 * 30 }, () => 0);
  const down = withClient(
    (http) => replayRows({ ...options, http, values: many, batch: 1 }),
    ({ body }) => body !== undefined,
  );
  await expect(down).rejects.toThrow(/20 requests in a row failed, the last with status 500/);
});

test("stops when it is told to", async () => {
  const stop = new AbortController();
  const result = await withClient((http) =>
    replayRows({ ...options, http, batch: 1, signal: stop.signal, onProgress: () => stop.abort() }),
  );
  expect(result).toMatchObject<Partial<ReplayResult>>({ rows: 1, requests: 1 });
});

test("refuses a table of other features, and a model that is not served", async () => {
  await withClient(async (http) => {
    await expect(replayRows({ ...options, http, features: [...features].reverse() })).rejects.toThrow(
      /must have the features/,
    );
    await expect(replayRows({ ...options, http, model: "other" })).rejects.toThrow(/serves no model other/);
  });
});

test("spread picks rows evenly, each at most once, in their order", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 60 }), (total, count) => {
      const rows = Float32Array.from({ length: total * 2 }, (_, i) => Math.floor(i / 2));
      const picked = Array.from(spread(rows, 2, count)).filter((_, i) => i % 2 === 0);
      expect(picked).toHaveLength(Math.min(count, total));
      expect(new Set(picked).size).toBe(picked.length);
      const gaps = picked.slice(1).map((row, i) => row - (picked[i] ?? 0));
      expect(gaps.every((gap) => gap >= 1 && gap <= Math.ceil(total / Math.min(count, total)))).toBe(true);
    }),
  );
});
