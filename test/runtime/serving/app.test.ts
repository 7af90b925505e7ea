import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { servingMetrics } from "../../../runtime/serving/serving-metrics.ts";
import { buildApp } from "../../../runtime/serving/app.ts";
import { modelRepository } from "../../../runtime/serving/model-repository.ts";
import { silentLogger } from "../../../runtime/log.ts";
import { TINY_DIGEST, servedTinyModel } from "./served-tiny-model.ts";
import type { ServedTinyModel } from "./served-tiny-model.ts";
import { tinyExamples } from "./tiny-model.ts";

const INFER = "/v2/models/tiny/infer";
const row = [1, 5, 40, 10, 150];
const tensor = (data: unknown[], shape = [1, 5]): object => ({
  inputs: [{ name: "features", shape, datatype: "FP32", data }],
});

let served: ServedTinyModel;
beforeAll(async () => {
  served = await servedTinyModel({ maxBodyBytes: 20_000, maxRows: 100 });
});
afterAll(async () => {
  await served.app.close();
});

async function post(
  url: string,
  payload: string | object,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await served.app.inject({ method: "POST", url, payload, headers });
  return { status: response.statusCode, json: response.json() };
}

describe("infer", () => {
  test("scores the examples, nested or flat, with null for what is missing", async () => {
    const { rows, scores } = tinyExamples;
    for (const data of [rows, rows.flat()]) {
      const { status, json } = await post(INFER, tensor(data, [rows.length, 5]));
      expect(status).toBe(200);
      const [output] = json["outputs"] as { data: number[]; shape: number[] }[];
      expect(output?.shape).toEqual([rows.length, 1]);
      output?.data.forEach((score, i) => expect(score).toBeCloseTo(scores[i] ?? NaN, 6));
    }
  });

  test("answers with the model, its version, the id and the named output", async () => {
    const { json } = await post(INFER, {
      ...tensor(row),
      id: "42",
      parameters: { a: 1 },
      outputs: [{ name: "probability" }],
    });
    expect(json).toEqual({
      model_name: "tiny",
      model_version: "0123456789ab",
      id: "42",
      parameters: { prediction_id: served.recorded.at(-1)?.id },
      outputs: [
        { name: "probability", shape: [1, 1], datatype: "FP32", data: [expect.closeTo(0.294215, 6)] },
      ],
    });
  });

  test("answers with the prediction's id where the request has none, another one each time", async () => {
    const [{ json: first }, { json: second }] = [
      await post(INFER, tensor(row)),
      await post(INFER, tensor(row)),
    ];
    expect(first["parameters"]).toEqual({ prediction_id: first["id"] });
    expect(served.recorded.at(-1)?.id).toBe(second["id"]);
    expect(first["id"]).not.toBe(second["id"]);
  });

  test("reads JSON whatever its content type", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await post(INFER, JSON.stringify(tensor(row)), headers)).status).toBe(200);
  });

  const input = { name: "features", shape: [1, 5], datatype: "FP32", data: row };
  test.each<[string, unknown, number, RegExp]>([
    ["garbage", "{nope", 400, /JSON/],
    ["an empty body", "", 400, /JSON/],
    ["an array", "[]", 400, /object/],
    ["no inputs", { inputs: [] }, 400, /one tensor features, got 0/],
    ["two inputs", { inputs: [input, input] }, 400, /got 2 tensors/],
    ["another input name", { inputs: [{ ...input, name: "x" }] }, 400, /name must be "features", got "x"/],
    ["another datatype", { inputs: [{ ...input, datatype: "FP64" }] }, 400, /datatype must be "FP32"/],
    ["a wrong width", { inputs: [{ ...input, shape: [1, 4], data: row.slice(1) }] }, 400, /\[rows, 5\]/],
    ["one dimension", { inputs: [{ ...input, shape: [5] }] }, 400, /\[rows, 5\]/],
    ["no rows", { inputs: [{ ...input, shape: [0, 5], data: [] }] }, 400, /at least one row/],
    ["a negative shape", { inputs: [{ ...input, shape: [-1, 5] }] }, 400, /shape/],
    ["fewer values than the shape", tensor(row, [2, 5]), 400, /2 × 5 = 10 values, got 5/],
    [
      "a ragged row",
      tensor([row, row.slice(1)], [2, 5]),
      400,
      /data\[1\] must be an array of 5 values, got 4/,
    ],
    ["fewer rows than the shape", tensor([row], [2, 5]), 400, /2 rows, got 1/],
    ["text for a number", tensor([1, "5", 40, 10, 150]), 400, /data\[1\] must be a number.*got string/],
    ["a number beyond float32", tensor([[1, 1e39, 40, 10, 150]]), 400, /data\[0\]\[1\].*3\.4e38/],
    ["a category code beyond float32", tensor([1e39, 5, 40, 10, 150]), 400, /data\[0\] must be the code/],
    ["a category code that is not whole", tensor([0.5, 5, 40, 10, 150]), 400, /data\[0\] must be the code/],
    ["data that is no array", { inputs: [{ ...input, data: 1 }] }, 400, /inputs\[0\]\.data must be an array/],
    ["an id that is no string", { ...tensor(row), id: 42 }, 400, /id/],
    [
      "an id with half of a surrogate pair",
      { ...tensor(row), id: "a\ud800" },
      400,
      /id must be Unicode text/,
    ],
    ["an unknown output", { ...tensor(row), outputs: [{ name: "label" }] }, 400, /outputs\[0\]\.name/],
    [
      "binary output",
      { ...tensor(row), outputs: [{ name: "probability", parameters: { binary_data: true } }] },
      400,
      /binary/,
    ],
    ["too many rows", tensor(Array<number>(505).fill(0), [101, 5]), 400, /at most 100 rows, got 101/],
    ["too many bytes", "x".repeat(20_001), 413, /at most 20000 bytes/],
  ])("refuses %s", async (_name, body, status, message) => {
    const answer = await post(INFER, body as object, { "content-type": "application/json" });
    expect(answer).toEqual({ status, json: { error: expect.stringMatching(message) as string } });
  });

  test("refuses binary tensors, which Triton's client sends by default", async () => {
    const headers = { "inference-header-content-length": "100" };
    expect(await post(INFER, "x", headers)).toMatchObject({ status: 400, json: { error: /binary/ } });
  });

  test("hands what it scored to the prediction log", async () => {
    served.recorded.length = 0;
    await post(INFER, tensor([0, 20, null, null, null]));
    expect(served.recorded[0]?.batch).toEqual(Float32Array.from([0, 20, NaN, NaN, NaN]));
    expect(served.recorded[0]?.scores[0]).toBeCloseTo(0.8670357, 6);
  });
});

describe("metadata and health", () => {
  const get = async (url: string): Promise<unknown> => {
    const response = await served.app.inject(url);
    return { status: response.statusCode, json: response.json<unknown>() };
  };

  test.each([
    ["/v2", { name: "slipway", version: "unknown", extensions: [] }],
    ["/v2/health/live", { live: true }],
    ["/v2/health/ready", { live: true, ready: true }],
    ["/v2/models/tiny/ready", { name: "tiny", ready: true }],
    ["/v2/models/tiny/versions/0123456789ab/ready", { name: "tiny", ready: true }],
  ])("answers %s as the protocol says", async (url, json) => {
    expect(await get(url)).toEqual({ status: 200, json });
  });

  test.each([
    "/v2/models/tiny",
    "/v2/models/tiny/versions/0123456789ab",
    `/v2/models/tiny/versions/${TINY_DIGEST}`,
  ])("describes the model at %s", async (url) => {
    expect(await get(url)).toEqual({
      status: 200,
      json: {
        name: "tiny",
        versions: ["0123456789ab"],
        platform: "onnxruntime_onnx",
        inputs: [{ name: "features", datatype: "FP32", shape: [-1, 5] }],
        outputs: [{ name: "probability", datatype: "FP32", shape: [-1, 1] }],
        parameters: {
          digest: TINY_DIGEST,
          workload: "flight-delays",
          threshold: 0.5,
          features: ["carrier", "dep_delay", "temp", "wind", "seats"],
        },
      },
    });
  });

  test.each([
    ["/v2/models/other", /no model "other"; served: tiny/],
    ["/v2/models/tiny/versions/1", /no version "1"; served: 0123456789ab/],
    ["/v3", /no route GET "\/v3"/],
  ])("says what there is instead of %s", async (url, error) => {
    expect(await get(url)).toEqual({ status: 404, json: { error: expect.stringMatching(error) as string } });
  });

  test("is live and not ready while models are loaded, and asks to come back", async () => {
    const repository = modelRepository();
    const predictionLog = { record: () => {}, close: async () => {} };
    const app = buildApp({ repository, metrics: servingMetrics(), predictionLog, log: silentLogger });
    expect((await app.inject("/v2/health/live")).statusCode).toBe(200);
    expect((await app.inject("/v2/health/ready")).statusCode).toBe(503);
    expect((await app.inject({ method: "POST", url: INFER, payload: tensor(row) })).statusCode).toBe(503);
    await app.close();
  });

  test("draining, it is not ready, still answers, and asks to reconnect", async () => {
    const other = await servedTinyModel();
    const before = await other.app.inject({ method: "POST", url: INFER, payload: tensor(row) });
    expect(before.headers["connection"]).not.toBe("close");
    other.repository.drain();
    expect((await other.app.inject("/v2/health/ready")).statusCode).toBe(503);
    expect((await other.app.inject("/v2/health/live")).statusCode).toBe(200);
    const after = await other.app.inject({ method: "POST", url: INFER, payload: tensor(row) });
    expect(after.statusCode).toBe(200);
    expect(after.headers["connection"]).toBe("close");
    await other.app.close();
  });
});

test("a defect is a 500 that tells the caller nothing and counts as a failure", async () => {
  const other = await servedTinyModel();
  other.model.scorer.score = () => Promise.reject(new Error("secret detail"));
  const response = await other.app.inject({ method: "POST", url: INFER, payload: tensor(row) });
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain("secret");
  const text = await other.metrics.registry.metrics();
  expect(text).toContain('nv_inference_request_failure{model="tiny",version="0123456789ab"} 1');
  await other.app.close();
});

test("counts requests by route, never by URL, and rows and executions by model", async () => {
  const { app, metrics } = await servedTinyModel();
  await app.inject({ method: "POST", url: INFER, payload: tensor([row, row], [2, 5]) });
  await app.inject({ method: "POST", url: INFER, payload: {} });
  await app.inject({ method: "POST", url: "/v1/models/tiny:predict", payload: {} });
  await app.inject("/v2/models/nobody");
  await app.inject("/what?ever=1");
  const text = await metrics.registry.metrics();
  for (const line of [
    'rest_server_requests_total{method="POST",path="/v2/models/:name/infer",status_code="200"} 1',
    'rest_server_requests_total{method="POST",path="/v2/models/:name/infer",status_code="400"} 1',
    'rest_server_requests_total{method="POST",path="/v1/models/:name:predict",status_code="400"} 1',
    'rest_server_requests_total{method="GET",path="/v2/models/:name",status_code="404"} 1',
    'rest_server_requests_total{method="GET",path="unmatched",status_code="404"} 1',
    "rest_server_requests_in_progress 0",
    'nv_inference_request_success{model="tiny",version="0123456789ab"} 1',
    'nv_inference_request_failure{model="tiny",version="0123456789ab"} 0',
    'nv_inference_count{model="tiny",version="0123456789ab"} 2',
    'nv_inference_exec_count{model="tiny",version="0123456789ab"} 1',
    `slipway_model_info{model="tiny",version="0123456789ab",digest="${TINY_DIGEST}"} 1`,
    'slipway_predictions_lost_total{model="tiny"} 0',
  ])
    expect(text).toContain(line);
  await app.close();
});
