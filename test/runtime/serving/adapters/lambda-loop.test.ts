import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../../../../runtime/log.ts";
import { askApp } from "../../../../runtime/serving/adapters/ask.ts";
import { answerLambdaEvent } from "../../../../runtime/serving/adapters/lambda-event.ts";
import { lambdaLoop } from "../../../../runtime/serving/adapters/lambda-loop.ts";
import { lambdaRuntime } from "../../../../runtime/serving/adapters/lambda-runtime.ts";
import { servedTinyModel, type ServedTinyModel } from "../served-tiny-model.ts";
import { ROW, ROW_SCORE, recordedEvent, tensor } from "./recorded-event.ts";
import { runtimeApi, type RuntimeApi } from "./runtime-api.ts";

let api: RuntimeApi;
let served: ServedTinyModel;
/** Stands in for the answer to one event, where a test wants another. */
let instead: ((event: unknown) => Promise<unknown>) | undefined;
const stop = new AbortController();
let loop: Promise<void>;

beforeAll(async () => {
  api = await runtimeApi();
  served = await servedTinyModel();
  const ask = askApp(served.app);
  loop = lambdaLoop({
    runtime: lambdaRuntime(api.address),
    answer: (event) => (instead ?? ((each: unknown) => answerLambdaEvent(each, ask, () => "tiny")))(event),
    log: silentLogger,
    signal: stop.signal,
  });
});
beforeEach(() => {
  instead = undefined;
});
afterAll(async () => {
  stop.abort();
  await loop;
  await api.close();
  await served.app.close();
});

test("answers event after event on the invocation that it is for", async () => {
  for (const id of ["8476a536-e9f4-11e8-9739-2dfe598c3fcd", "second"]) {
    const { path, json } = await api.invoke(recordedEvent("lambda-function-url"), { id });
    expect(path).toBe(`/invocation/${id}/response`);
    expect(json).toMatchObject({ statusCode: 200 });
  }
});

test("scores a body that Lambda encoded in base64", async () => {
  const body = Buffer.from(JSON.stringify(tensor(ROW))).toString("base64");
  const event = { ...recordedEvent("lambda-function-url"), isBase64Encoded: true, body };
  const { json } = await api.invoke(event);
  const result = JSON.parse((json as { body: string }).body) as { outputs: unknown };
  expect(result.outputs).toMatchObject([{ data: [expect.closeTo(ROW_SCORE, 6)] }]);
});

test("reports a direct invocation that is refused as an error with its type and its reason", async () => {
  const { path, headers, json } = await api.invoke({ inputs: [] }, { id: "refused" });
  expect(path).toBe("/invocation/refused/error");
  expect(headers["lambda-runtime-function-error-type"]).toBe("Slipway.InvocationRefused");
  expect(json).toEqual({
    errorType: "Slipway.InvocationRefused",
    errorMessage: expect.stringMatching(/inputs must hold the one tensor features, got 0/) as string,
    stackTrace: [],
  });
});

test("reports an event that is no JSON as an error", async () => {
  expect((await api.invoke("{nope")).path).toMatch(/error$/);
});

test("tells nothing of a defect", async () => {
  instead = () => Promise.reject(new Error("secret detail"));
  const { path, json } = await api.invoke({});
  expect(path).toMatch(/error$/);
  expect(json).toMatchObject({ errorType: "Slipway.Defect" });
  expect(JSON.stringify(json)).not.toContain("secret");
});

test("gives an invocation up before Lambda's deadline, and answers the next", async () => {
  instead = () => sleep(5_000, undefined, { ref: false });
  const started = performance.now();
  const { path, json } = await api.invoke({}, { timeoutMs: 400 });
  expect(performance.now() - started).toBeLessThan(400);
  expect(path).toMatch(/error$/);
  expect(json).toMatchObject({ errorType: "Slipway.InvocationTimeout" });
  instead = undefined;
  expect((await api.invoke(tensor(ROW))).path).toMatch(/response$/);
});

test("reports an answer that Lambda finds too large as an error", async () => {
  instead = async () => "x".repeat(6_000_001);
  const { path, json } = await api.invoke({});
  expect(path).toMatch(/error$/);
  expect(json).toMatchObject({ errorMessage: expect.stringMatching(/status 413/) as string });
});

test("reports why it cannot start", async () => {
  const runtime = lambdaRuntime(api.address);
  await runtime.initFailed(new Error("any"));
  expect(await api.initError).toMatchObject({
    path: "/init/error",
    headers: { "lambda-runtime-function-error-type": "Slipway.Defect" },
  });
  runtime.close();
});

test("stops waiting when it is told to end", async () => {
  const aborted = new AbortController();
  const other = await runtimeApi();
  const runtime = lambdaRuntime(other.address);
  const ended = lambdaLoop({ runtime, answer: async () => null, log: silentLogger, signal: aborted.signal });
  while (!other.waiting()) await sleep(5);
  aborted.abort();
  await ended;
  runtime.close();
  await other.close();
});

test("ends with the reason where the Runtime API is gone", async () => {
  const runtime = lambdaRuntime("127.0.0.1:1");
  const { signal } = new AbortController();
  await expect(lambdaLoop({ runtime, answer: async () => null, log: silentLogger, signal })).rejects.toThrow(
    "ECONNREFUSED",
  );
});
