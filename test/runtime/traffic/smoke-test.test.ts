import { afterAll, beforeAll, expect, test } from "vitest";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../../runtime/traffic/http-client.ts";
import { smokeTest } from "../../../runtime/traffic/smoke-test.ts";
import type { SmokeLimits, SmokeResult } from "../../../runtime/traffic/smoke-test.ts";
import { Unavailable } from "../../../runtime/errors.ts";
import { TINY_DIGEST, servedTinyModel } from "../serving/served-tiny-model.ts";
import type { ServedTinyModel } from "../serving/served-tiny-model.ts";
import { tinyCard, tinyExamples } from "../serving/tiny-model.ts";

let served: ServedTinyModel;
beforeAll(async () => {
  served = await servedTinyModel();
});
afterAll(async () => {
  await served.app.close();
});

type Tamper = (request: HttpRequest, answer: HttpAnswer) => HttpAnswer;

/** Asks the real app without a port; `tamper` changes its answers. */
function client(tamper: Tamper = (_request, answer) => answer): HttpClient {
  return {
    async send(request) {
      const payload = request.announceBytes === undefined ? request.body : "x".repeat(5 * 1024 ** 2);
      const method = payload === undefined ? "GET" : "POST";
      const response = await served.app.inject({ method, url: request.path, payload });
      return tamper(request, { status: response.statusCode, json: response.json(), milliseconds: 1 });
    },
    close: () => {},
  };
}

const limits: SmokeLimits = {
  tolerance: 1e-5,
  maxP99Ms: 250,
  minRequestsPerSecond: 1,
  requests: 40,
  callers: 2,
  waitSeconds: 0,
};
const run = (
  http: HttpClient,
  more: { digest?: string; limits?: Partial<SmokeLimits> } = {},
): Promise<SmokeResult> =>
  smokeTest({
    http,
    card: tinyCard,
    examples: tinyExamples,
    digest: more.digest ?? TINY_DIGEST,
    limits: { ...limits, ...more.limits },
  });
const failed = ({ checks }: SmokeResult): string[] =>
  checks.filter(({ passed }) => !passed).map(({ name }) => name);

test("a service that answers as it must passes every check", async () => {
  const result = await run(client());
  expect(failed(result)).toEqual([]);
  expect(result.verdict).toBe("passed");
  expect(result.checks.map(({ name }) => name)).toEqual([
    "digest",
    "scores",
    "wrong width",
    "wrong datatype",
    "wrong input name",
    "text for numbers",
    "garbage",
    "oversized body",
    "unknown model",
    "feature store",
    "scores after wrong inputs",
    "failed requests",
    "p99",
    "throughput",
  ]);
  expect(result.latency).toMatchObject({ requests: 40, p50Ms: 1, p99Ms: 1 });
});

test("the capacity is searched only where it is asked for, and only of a service that passes", async () => {
  expect((await run(client())).capacity).toBeUndefined();
  const found = await run(client(), { limits: { capacitySeconds: 0.05 } });
  expect(found.capacity).toMatchObject({ rowsPerRequest: 1 });
  expect(found.capacity?.requestsPerSecond).toBeGreaterThan(0);
  const slow = (_request: HttpRequest, answer: HttpAnswer): HttpAnswer => ({ ...answer, milliseconds: 251 });
  expect((await run(client(slow), { limits: { capacitySeconds: 0.05 } })).capacity).toBeUndefined();
});

const isInfer = ({ path, body }: HttpRequest): boolean => path.endsWith("tiny/infer") && body !== undefined;
const shifted = (json: unknown): unknown =>
  JSON.parse(
    JSON.stringify(json).replace(
      /"data":\[([\d.]+)/,
      (_all, first: string) => `"data":[${Number(first) + 2e-5}`,
    ),
  );

test.each<[string, Tamper, string[]]>([
  [
    "whose first score is 2e-5 off",
    (request, answer) => (isInfer(request) ? { ...answer, json: shifted(answer.json) } : answer),
    ["scores", "scores after wrong inputs"],
  ],
  [
    "that takes wrong inputs for right",
    (_request, answer) => (answer.status === 400 ? { ...answer, status: 200 } : answer),
    ["wrong width", "wrong datatype", "wrong input name", "text for numbers", "garbage"],
  ],
  [
    "that refuses without saying why",
    (_request, answer) => (answer.status === 413 ? { ...answer, json: undefined } : answer),
    ["oversized body"],
  ],
  [
    "whose feature store is down",
    (request, answer) => (request.path.includes(":predict") ? { ...answer, status: 503 } : answer),
    ["feature store"],
  ],
  ["that is slow", (_request, answer) => ({ ...answer, milliseconds: 251 }), ["p99"]],
])("a service %s fails", async (_name, tamper, names) => {
  const result = await run(client(tamper));
  expect(failed(result)).toEqual(names);
  expect(result.verdict).toBe("failed");
});

test("too few requests a second fail", async () => {
  expect(failed(await run(client(), { limits: { minRequestsPerSecond: 1e9 } }))).toEqual(["throughput"]);
});

test("a service with another model is not asked further", async () => {
  const result = await run(client(), { digest: `sha256:${"f".repeat(64)}` });
  expect(result.verdict).toBe("failed");
  expect(result.checks).toMatchObject([{ name: "digest", value: TINY_DIGEST, passed: false }]);
});

test("a service that does not answer fails with the reason", async () => {
  const result = await run({ send: () => Promise.reject(new Unavailable("ECONNREFUSED")), close: () => {} });
  expect(result.checks).toMatchObject([
    { name: "digest", passed: false, value: expect.stringContaining("ECONNREFUSED") as string },
  ]);
});
