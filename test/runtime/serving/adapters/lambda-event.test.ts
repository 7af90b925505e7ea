import { afterAll, beforeAll, expect, test } from "vitest";
import { askApp } from "../../../../runtime/serving/adapters/ask.ts";
import { answerLambdaEvent } from "../../../../runtime/serving/adapters/lambda-event.ts";
import { servedTinyModel, type ServedTinyModel } from "../served-tiny-model.ts";
import { ROW, ROW_SCORE, recordedEvent, tensor } from "./recorded-event.ts";

let served: ServedTinyModel;
beforeAll(async () => {
  served = await servedTinyModel();
});
afterAll(async () => {
  await served.app.close();
});

interface HttpResult {
  statusCode: number;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  isBase64Encoded: boolean;
  body: string;
}

const answer = async (event: unknown): Promise<HttpResult> =>
  (await answerLambdaEvent(
    event,
    askApp(served.app),
    () => served.repository.only().card.name,
  )) as HttpResult;

const scores = ({ body }: HttpResult): unknown =>
  (JSON.parse(body) as { outputs: { data: number[] }[] }).outputs[0]?.data;

test("a Function URL gets the server's answer in payload 2.0", async () => {
  const { body, ...result } = await answer(recordedEvent("lambda-function-url"));
  expect(result).toEqual({
    statusCode: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    isBase64Encoded: false,
  });
  expect(JSON.parse(body)).toMatchObject({ id: "42", outputs: [{ data: [expect.closeTo(ROW_SCORE, 6)] }] });
});

test("a body in base64 is read as the bytes that it is", async () => {
  const event = recordedEvent("lambda-function-url");
  // Without a text content type Lambda encodes: é is two bytes.
  const body = Buffer.from(JSON.stringify({ ...tensor(ROW), id: "é" })).toString("base64");
  const result = await answer({ ...event, isBase64Encoded: true, body });
  expect(JSON.parse(result.body)).toMatchObject({ id: "é" });
  expect(scores(result)).toEqual([expect.closeTo(ROW_SCORE, 6)]);
});

test("a bare POST to a Function URL asks the only model", async () => {
  const result = await answer({ ...recordedEvent("lambda-function-url"), rawPath: "/" });
  expect(scores(result)).toEqual([expect.closeTo(ROW_SCORE, 6)]);
});

test("the stage of an HTTP API is no part of the path", async () => {
  const result = await answer(recordedEvent("lambda-http-api-stage"));
  expect(result.statusCode).toBe(200);
  expect(JSON.parse(result.body)).toMatchObject({ name: "tiny" });
});

test("a REST API gets its answer with single headers", async () => {
  const result = await answer(recordedEvent("lambda-rest-api"));
  expect(scores(result)).toEqual([expect.closeTo(ROW_SCORE, 6)]);
  expect(result.headers).toEqual({ "content-type": "application/json; charset=utf-8" });
});

test("a load balancer that sends multi-value headers gets such", async () => {
  const { body, ...result } = await answer(recordedEvent("lambda-load-balancer"));
  expect(JSON.parse(body)).toEqual({ live: true, ready: true });
  expect(result).toEqual({
    statusCode: 200,
    isBase64Encoded: false,
    multiValueHeaders: { "content-type": ["application/json; charset=utf-8"] },
  });
});

test("a refusal over HTTP is an answer, not an error of the function", async () => {
  const result = await answer({ ...recordedEvent("lambda-function-url"), body: "{nope" });
  expect(result.statusCode).toBe(400);
  expect(JSON.parse(result.body)).toEqual({ error: expect.stringMatching(/JSON/) as string });
});

test("a direct invocation brings the request and gets the answer, bare", async () => {
  expect(await answer(tensor(ROW))).toMatchObject({
    model_name: "tiny",
    outputs: [{ data: [expect.closeTo(ROW_SCORE, 6)] }],
  });
});

test.each([[{}], [null], ["text"], [{ inputs: [] }], [{ version: "2.0" }], [{ httpMethod: "GET" }]])(
  "a direct invocation of %j is an error of the function",
  async (event) => {
    await expect(answer(event)).rejects.toMatchObject({ code: "bad-input", status: 400 });
  },
);
