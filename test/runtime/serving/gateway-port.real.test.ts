import { createHash } from "node:crypto";
import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseApiKeys, type ApiKeys } from "../../../runtime/serving/api-keys.ts";
import { gatewayPort } from "../../../runtime/serving/gateway-port.ts";
import { servedTinyModel, type ServedTinyModel } from "./served-tiny-model.ts";

const KEY = "0f1e2d3c";
const INFER = "/v2/models/tiny/infer";
const body = JSON.stringify({
  inputs: [{ name: "features", shape: [1, 5], datatype: "FP32", data: [1, 5, 40, 10, 150] }],
});
const keysFor = (key: string): ApiKeys =>
  parseApiKeys({ caller: createHash("sha256").update(key).digest("hex") });

let keys = keysFor(KEY);
let served: ServedTinyModel;
let inside: string;
let outside: string;

async function serve(): Promise<{ served: ServedTinyModel; inside: string; outside: string; port: number }> {
  const gateway = gatewayPort(() => keys);
  const tiny = await servedTinyModel({ guard: gateway.guard });
  gateway.attach(tiny.app);
  await tiny.app.listen({ host: "127.0.0.1", port: 0 });
  const port = await gateway.listen("127.0.0.1", 0);
  const { port: own } = tiny.app.server.address() as AddressInfo;
  return { served: tiny, inside: `http://127.0.0.1:${own}`, outside: `http://127.0.0.1:${port}`, port };
}

beforeAll(async () => {
  ({ served, inside, outside } = await serve());
});
afterAll(() => served.app.close());

const post = async (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${INFER}`, { method: "POST", body, headers });

test("pods of the cluster need no key", async () => {
  expect((await post(inside)).status).toBe(200);
});

test.each<Record<string, string>>([{ "x-api-key": KEY }, { authorization: `Bearer ${KEY}` }])(
  "a caller from outside with a key is answered: %j",
  async (headers) => {
    const response = await post(outside, headers);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ model_name: "tiny" });
  },
);

test.each<[string, Record<string, string>, RegExp]>([
  ["no key", {}, /must have an API key: send the header x-api-key/],
  ["an empty key", { "x-api-key": "" }, /API key must be one of this service's/],
  ["another key", { "x-api-key": "guess" }, /API key must be one of this service's/],
])(
  "a caller with %s gets 401 and the protocol's error body, without the key",
  async (_, headers, message) => {
    const response = await post(outside, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({ error: expect.stringMatching(message) as string });
    expect(text).not.toContain("guess");
  },
);

test("every route but health needs a key, also one that does not exist", async () => {
  for (const path of [
    "/v2",
    "/v2/models/tiny",
    "/v2/models/tiny/ready",
    "/nothing",
    "/v2/health/live/../models",
  ])
    expect((await fetch(outside + path)).status, path).toBe(401);
  for (const path of ["/v2/health/live", "/v2/health/ready?probe=1"])
    expect((await fetch(outside + path)).status, path).toBe(200);
});

test("a path that hides behind a health route is not let through", async () => {
  const socket = connect(Number(new URL(outside).port), "127.0.0.1");
  socket.write(
    "GET /v2/health/live%2f..%2f..%2fmodels/tiny HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
  );
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  await once(socket, "close");
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
});

test("each request of a connection needs the key, and a withdrawn key ends at once", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const status = async (headers: Record<string, string>): Promise<number> => {
    const asked = request(`${outside}/v2`, { agent, headers });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    response.resume();
    await once(response, "end");
    return response.statusCode ?? 0;
  };
  expect(await status({ "x-api-key": KEY })).toBe(200);
  expect(await status({})).toBe(401);
  keys = keysFor("next");
  expect(await status({ "x-api-key": KEY })).toBe(401);
  expect(await status({ "x-api-key": "next" })).toBe(200);
  keys = keysFor(KEY);
  agent.destroy();
});

test("requests without a key are counted", async () => {
  await post(outside);
  const metrics = await served.metrics.registry.metrics();
  expect(metrics).toMatch(/status_code="401"\} [1-9]/);
});

test("the port closes with the server, with an idle connection of a gateway too", async () => {
  const other = await serve();
  const socket = connect(other.port, "127.0.0.1");
  socket.write(`GET /v2/health/live HTTP/1.1\r\nhost: x\r\n\r\n`);
  await once(socket, "data");
  const closed = once(socket, "close");
  await other.served.app.close();
  await closed;
  await expect(fetch(other.outside)).rejects.toThrow("fetch failed");
}, 10_000);

test("a request in flight is answered before the port closes", async () => {
  const other = await serve();
  const agent = new Agent({ keepAlive: true });
  const asked = request(`${other.outside}${INFER}`, { agent, method: "POST", headers: { "x-api-key": KEY } });
  asked.write(body.slice(0, 10));
  await new Promise((resolve) => setTimeout(resolve, 100));
  other.served.repository.drain();
  const closing = other.served.app.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  asked.end(body.slice(10));
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  response.resume();
  await closing;
  agent.destroy();
}, 10_000);
