import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLogger } from "../../../../runtime/log.ts";
import { addRoutes } from "../../../../runtime/serving/adapters/routes.ts";
import { targetSettings } from "../../../../runtime/serving/adapters/target-settings.ts";
import { buildApp } from "../../../../runtime/serving/app.ts";
import { modelRepository } from "../../../../runtime/serving/model-repository.ts";
import { servingMetrics } from "../../../../runtime/serving/serving-metrics.ts";
import { servedTinyModel, type ServedTinyModel } from "../served-tiny-model.ts";
import { ROW, ROW_SCORE, recordedEvent, tensor } from "./recorded-event.ts";

type Target = Parameters<typeof targetSettings>[0];
const ENV = {
  AIP_HTTP_PORT: "8085",
  AIP_HEALTH_ROUTE: "/v1/endpoints/7/deployedModels/8",
  AIP_PREDICT_ROUTE: "/v1/endpoints/7/deployedModels/8:predict",
  PORT: "8090",
  FUNCTIONS_CUSTOMHANDLER_PORT: "41234",
};
const TARGETS: Target[] = ["sagemaker", "vertex", "azure-ml", "cloud-run", "azure-functions"];
const served = new Map<Target, ServedTinyModel>();

beforeAll(async () => {
  for (const target of TARGETS) {
    const { routes, maxBodyBytes } = targetSettings(target, ENV);
    const model = await servedTinyModel({ ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }) });
    addRoutes(model.app, routes, () => model.repository.only().card);
    served.set(target, model);
  }
});
afterAll(async () => {
  for (const { app } of served.values()) await app.close();
});

interface Answer {
  status: number;
  type: string;
  body: string;
  json: () => Record<string, unknown>;
}

async function send(
  target: Target,
  method: "GET" | "POST",
  url: string,
  payload?: string | object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await served.get(target)!.app.inject({ method, url, payload, headers });
  return {
    status: response.statusCode,
    type: String(response.headers["content-type"]),
    body: response.body,
    json: () => response.json(),
  };
}

const scored = (rows = 1): object => ({
  model_name: "tiny",
  model_version: "0123456789ab",
  id: expect.any(String) as string,
  parameters: { prediction_id: expect.any(String) as string },
  outputs: [
    {
      name: "probability",
      shape: [rows, 1],
      datatype: "FP32",
      data: Array<unknown>(rows).fill(expect.closeTo(ROW_SCORE, 6)),
    },
  ],
});

test.each<[Target, number]>([
  ["kubernetes", 8080],
  ["azure-ml", 8080],
  ["sagemaker", 8080],
  ["vertex", 8085],
  ["cloud-run", 8090],
  ["cloud-functions", 8090],
  ["azure-functions", 41234],
])("%s is asked on port %i", (target, port) => {
  expect(targetSettings(target, ENV).port).toBe(port);
});

test("a Functions host that names no port is refused", () => {
  expect(() => targetSettings("azure-functions", {})).toThrow("FUNCTIONS_CUSTOMHANDLER_PORT");
});

test.each(TARGETS)("%s keeps the server's own routes", async (target) => {
  expect((await send(target, "GET", "/v2/health/ready")).status).toBe(200);
  expect((await send(target, "POST", "/v2/models/tiny/infer", tensor(ROW))).json()).toEqual(scored());
  expect((await send(target, "POST", "/v2/models/other/infer", tensor(ROW))).status).toBe(404);
});

describe("sagemaker", () => {
  const invoke = (payload: string | object, headers: Record<string, string> = {}): Promise<Answer> =>
    send("sagemaker", "POST", "/invocations", payload, headers);

  test("pings while it is ready", async () => {
    expect((await send("sagemaker", "GET", "/ping")).status).toBe(200);
  });

  test("fails its ping, and says to come back, while the model is loaded", async () => {
    const repository = modelRepository();
    const predictionLog = { record: () => {}, close: async () => {} };
    const app = buildApp({ repository, metrics: servingMetrics(), predictionLog, log: silentLogger });
    addRoutes(app, targetSettings("sagemaker", {}).routes, () => repository.only().card);
    expect((await app.inject("/ping")).statusCode).toBe(503);
    const early = await app.inject({ method: "POST", url: "/invocations", payload: tensor(ROW) });
    expect(early.statusCode).toBe(503);
    await app.close();
  });

  test("infers from JSON", async () => {
    const answer = await invoke({ ...tensor(ROW), id: "7" }, { "content-type": "application/json" });
    expect(answer.json()).toEqual({ ...scored(), id: "7" });
  });

  test("predicts for entities", async () => {
    const answer = await invoke({ instances: [{ features: { carrier: "UA", dep_delay: 5 } }] });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      model_name: "tiny",
      predictions: [{ decision: expect.any(Boolean) as boolean }],
    });
  });

  test("answers CSV with a probability per line, and JSON where that is asked for", async () => {
    const csv = "1,5,40,10,150\r\n1,5, 40 ,1e1,150\r\n";
    const lines = await invoke(csv, { "content-type": "text/csv; charset=utf-8" });
    expect(lines.type).toBe("text/csv");
    expect(lines.body.trim().split("\n").map(Number)).toEqual([
      expect.closeTo(ROW_SCORE, 6),
      expect.closeTo(ROW_SCORE, 6),
    ]);
    const json = await invoke(csv, { "content-type": "text/csv", accept: "application/json" });
    expect(json.json()).toEqual(scored(2));
  });

  test("takes an empty field of CSV for a missing value", async () => {
    const asCsv = await invoke("0,20,,NaN,null", { "content-type": "text/csv" });
    const asJson = await invoke(tensor([0, 20, null, null, null]));
    const { outputs } = asJson.json() as { outputs: [{ data: [number] }] };
    expect(Number(asCsv.body)).toBe(outputs[0].data[0]);
    expect(Number(asCsv.body)).toBeCloseTo(0.8670357, 6);
  });

  test.each([
    ["a header", "carrier,dep_delay,temp,wind,seats\n1,5,40,10,150", /line 1, field 1: must be a number/],
    ["a short line", "1,5,40,10,150\n1,5", /line 2 must have 5 fields.*got 2/],
    ["nothing", "", /one line per row/],
    ["a blank line", "1,5,40,10,150\n\n1,5,40,10,150", /line 2 must have 5 fields.*got 1/],
    ["a number beyond float32", "1,1e39,40,10,150", /3\.4e38/],
    ["a long line", ",".repeat(1_000_000), /line 1 must have 5 fields.*got more/],
    ["more lines than rows", "1,5,40,10,150\n".repeat(4097), /at most 4096 lines/],
  ])("refuses CSV with %s", async (_what, csv, message) => {
    const answer = await invoke(csv, { "content-type": "text/csv" });
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({ error: expect.stringMatching(message) as string });
  });

  test("passes the server's refusal on", async () => {
    const answer = await invoke("{nope", { "content-type": "application/json" });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.json()).toEqual({ error: expect.stringMatching(/JSON/) as string });
  });
});

describe("vertex", () => {
  const predict = (payload: string | object): Promise<Answer> =>
    send("vertex", "POST", ENV.AIP_PREDICT_ROUTE, payload, { "content-type": "application/json" });

  test("is healthy at the route that Vertex AI names", async () => {
    expect((await send("vertex", "GET", ENV.AIP_HEALTH_ROUTE)).status).toBe(200);
  });

  test("predicts a probability per row", async () => {
    const answer = await predict({ instances: [ROW, ROW] });
    expect(answer.json()).toEqual({
      predictions: [expect.closeTo(ROW_SCORE, 6), expect.closeTo(ROW_SCORE, 6)],
    });
  });

  test("predicts for entities, as of parameters.at", async () => {
    const { app, repository } = await servedTinyModel({
      lookup: async (lookups, atMs) =>
        lookups.map(() => ({ status: "missing", eventTimeMs: atMs, values: new Float32Array(2).fill(NaN) })),
    });
    addRoutes(app, targetSettings("vertex", {}).routes, () => repository.only().card);
    const instance = { entities: { origin: "JFK" }, features: { carrier: "UA", dep_delay: 20 } };
    const payload = { instances: [instance], parameters: { at: "2013-12-31T12:00:00Z" } };
    const response = await app.inject({ method: "POST", url: "/predict", payload });
    expect(response.json()).toEqual({
      predictions: [
        {
          probability: expect.any(Number) as number,
          decision: true,
          missing: ["temp", "wind", "seats"],
          stale: [],
          unknown: [],
          untrained: [],
        },
      ],
    });
    await app.close();
  });

  test("answers what rawPredict lets through in kind", async () => {
    expect((await predict(tensor(ROW))).json()).toEqual(scored());
  });

  test.each<[string, string | object, number, RegExp]>([
    ["no instances", { instances: [] }, 400, /instances/],
    ["a short row", { instances: [[1, 2]] }, 400, /shape|values/],
    ["rows and entities mixed", { instances: [ROW, {}] }, 400, /instances/],
    ["no JSON", "{nope", 400, /JSON/],
    ["more than 1.5 MB", `{"instances":[[${"1,".repeat(750_001)}1]]}`, 413, /at most 1500000 bytes/],
  ])("refuses %s", async (_what, payload, status, message) => {
    const answer = await predict(payload);
    expect(answer.status).toBe(status);
    expect(answer.json()).toEqual({ error: expect.stringMatching(message) as string });
  });
});

describe("cloud-run and cloud-functions", () => {
  const push = recordedEvent("pubsub-push");
  const ce = {
    "ce-id": "2070443601311540",
    "ce-specversion": "1.0",
    "ce-source": "//pubsub.googleapis.com/projects/example-project/topics/score",
    "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
  };
  const event = { specversion: "1.0", id: "1", source: "/gate", type: "com.example.flight" };
  const structured = { "content-type": "application/cloudevents+json; charset=utf-8" };
  const base64 = Buffer.from(JSON.stringify(tensor(ROW))).toString("base64");

  test.each<[string, string | object, Record<string, string>]>([
    ["a bare request", tensor(ROW), { "content-type": "application/json" }],
    ["a Pub/Sub push", push, { "content-type": "application/json" }],
    ["a binary CloudEvent", tensor(ROW), { ...ce, "content-type": "application/json" }],
    ["a binary CloudEvent of Pub/Sub", push, { ...ce, "content-type": "application/json" }],
    ["a structured CloudEvent", JSON.stringify({ ...event, data: tensor(ROW) }), structured],
    [
      "a structured CloudEvent of text",
      JSON.stringify({ ...event, data: JSON.stringify(tensor(ROW)) }),
      structured,
    ],
    ["a structured CloudEvent of bytes", JSON.stringify({ ...event, data_base64: base64 }), structured],
    ["a structured CloudEvent of Pub/Sub", JSON.stringify({ ...event, data: push }), structured],
  ])("scores %s", async (_what, payload, headers) => {
    const answer = await send("cloud-run", "POST", "/", payload, headers);
    expect(answer.json()).toEqual(scored());
  });

  test.each<[string, string | object, Record<string, string>]>([
    ["an event without data", JSON.stringify(event), structured],
    ["an event that is no JSON", "{nope", structured],
    ["a push of nothing", { message: {} }, {}],
    ["a push of what is no request", { message: { data: "aGVsbG8=" } }, {}],
  ])("refuses %s, so that it is not acknowledged", async (_what, payload, headers) => {
    expect((await send("cloud-run", "POST", "/", payload, headers)).status).toBe(400);
  });
});

describe("azure-ml", () => {
  test("scores at one route, whatever the model's name", async () => {
    expect((await send("azure-ml", "POST", "/score", tensor(ROW))).json()).toEqual(scored());
    const predicted = await send("azure-ml", "POST", "/score", {
      instances: [{ features: { dep_delay: 5 } }],
    });
    expect(predicted.json()).toMatchObject({ model_name: "tiny", predictions: [{}] });
    expect((await send("azure-ml", "POST", "/score", {})).status).toBe(400);
  });
});

describe("azure-functions", () => {
  test.each(["/api/v2/models/tiny/infer", "/api/infer", "/infer"])(
    "scores a forwarded request at %s",
    async (url) => {
      expect((await send("azure-functions", "POST", url, tensor(ROW))).json()).toEqual(scored());
    },
  );

  test("forwards what is read too", async () => {
    const answer = await send("azure-functions", "GET", "/api/v2/models/tiny");
    expect(answer.json()).toMatchObject({ name: "tiny", platform: "onnxruntime_onnx" });
    expect((await send("azure-functions", "GET", "/api/nothing")).status).toBe(404);
    expect((await send("azure-functions", "POST", "/api/v2/models/other/infer", tensor(ROW))).status).toBe(
      404,
    );
  });

  test("answers an invocation of an HTTP trigger with its output", async () => {
    const answer = await send("azure-functions", "POST", "/infer", recordedEvent("azure-http"));
    const { Outputs, ...rest } = answer.json() as { Outputs: { res: { body: string } } };
    expect(answer.status).toBe(200);
    expect(rest).toEqual({ Logs: [], ReturnValue: null });
    expect(Outputs.res).toMatchObject({
      statusCode: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
    });
    expect(JSON.parse(Outputs.res.body)).toEqual(scored());
  });

  test("gives the caller of an HTTP trigger the server's refusal", async () => {
    const event = recordedEvent("azure-http") as { Data: { req: { Body: string } } };
    event.Data.req.Body = "{}";
    const answer = await send("azure-functions", "POST", "/infer", event);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ Outputs: { res: { statusCode: 400 } } });
  });

  test.each([
    ["a URL that is none", { Url: "http://[" }, /Url must be a URL, got "http:\/\/\["/],
    ["a method that is none", { Method: "NO METHOD" }, /must have a method and a path of HTTP/],
  ])("refuses an HTTP trigger with %s", async (_what, change, message) => {
    const event = recordedEvent("azure-http") as { Data: { req: object } };
    Object.assign(event.Data.req, change);
    const answer = await send("azure-functions", "POST", "/infer", event);
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: expect.stringMatching(message) as string },
    ]);
  });

  test("returns the value for a message of a queue", async () => {
    for (const wrap of [(text: string) => text, (text: string) => JSON.stringify(text)]) {
      const event = recordedEvent("azure-queue") as { Data: { myQueueItem: string } };
      event.Data.myQueueItem = wrap(event.Data.myQueueItem);
      const answer = await send("azure-functions", "POST", "/QueueTrigger", event);
      const { ReturnValue, ...rest } = answer.json();
      expect(rest).toEqual({ Outputs: {}, Logs: [] });
      expect(JSON.parse(String(ReturnValue))).toEqual(scored());
    }
  });

  test("fails the invocation of a message that it cannot score", async () => {
    const event = { ...recordedEvent("azure-queue"), Data: { myQueueItem: "{}" } };
    expect((await send("azure-functions", "POST", "/QueueTrigger", event)).status).toBe(400);
    const two = { Data: { a: "{}", b: "{}" } };
    expect((await send("azure-functions", "POST", "/QueueTrigger", two)).json()).toEqual({
      error: expect.stringMatching(/the only value of a trigger, got 2/) as string,
    });
  });
});
