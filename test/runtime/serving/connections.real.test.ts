import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { servedTinyModel, type ServedTinyModel } from "./served-tiny-model.ts";

const PATH = "/v2/models/tiny/infer";
const infer = JSON.stringify({
  inputs: [{ name: "features", shape: [1, 5], datatype: "FP32", data: [1, 5, 40, 10, 150] }],
});
const KIB = 1024;

let served: ServedTinyModel;
let port: number;
beforeAll(async () => {
  served = await servedTinyModel({
    maxBodyBytes: 400 * KIB,
    maxBufferedBytes: 1000 * KIB,
    maxConnections: 200,
  });
  await served.app.listen({ host: "127.0.0.1", port: 0 });
  port = (served.app.server.address() as AddressInfo).port;
});
afterAll(() => served.app.close());

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function open(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

/** Sends bytes and returns all that comes back until the server closes, or for a second. */
async function talk(text: string | Buffer): Promise<string> {
  const socket = await open();
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(text);
  await Promise.race([once(socket, "close"), sleep(1000)]);
  return answer;
}

const metric = async (line: RegExp): Promise<number> =>
  Number(line.exec(await served.metrics.registry.metrics())?.[1] ?? NaN);
const inProgress = (): Promise<number> => metric(/^rest_server_requests_in_progress (\d+)$/m);
const left = (): Promise<number> => metric(/^rest_server_requests_total\{.*status_code="499"\} (\d+)$/m);

const post = (headers: string, body = ""): string =>
  `POST ${PATH} HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n${body}`;

describe("a caller that goes away", () => {
  test("during its body is counted, and is in progress no more", async () => {
    const before = (await left()) || 0;
    for (let i = 0; i < 20; i++) {
      const socket = await open();
      socket.write(post("content-length: 1000", "half of it"));
    }
    await expect.poll(inProgress).toBe(20);
    for (const socket of sockets.splice(0)) socket.destroy();
    await expect.poll(inProgress).toBe(0);
    expect(await left()).toBe(before + 20);
  });

  test("while it waits for its answer is counted as well, also where it sent two requests at once", async () => {
    const { scorer } = served.model;
    const before = (await left()) || 0;
    let asked = 0;
    const slow: typeof scorer.score = async (batch, rows) => {
      asked++;
      await sleep(300);
      return scorer.score(batch, rows);
    };
    served.model.scorer = { ...scorer, score: slow };
    const socket = await open();
    socket.write(post(`content-length: ${infer.length}`, infer).repeat(2));
    await expect.poll(() => asked).toBeGreaterThan(0);
    socket.destroy();
    await sleep(400);
    await expect.poll(inProgress).toBe(0);
    expect((await left()) - before).toBe(2);
    served.model.scorer = scorer;
  });
});

describe("what is not HTTP, or not for this server, gets an error of the usual form", () => {
  test.each([
    ["a malformed request", "NONSENSE\r\n\r\n", 400],
    ["an unknown method", `FLY ${PATH} HTTP/1.1\r\nhost: x\r\n\r\n`, 400],
    ["a content-length that is no number", post("content-length: x"), 400],
    ["a broken chunk", post("transfer-encoding: chunked", "zz\r\n"), 400],
    ["headers of 100 KB", `GET /v2 HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(100_000)}\r\n\r\n`, 431],
    ["no host", "GET /v2 HTTP/1.1\r\n\r\n", 400],
    ["an expectation", "GET /v2 HTTP/1.1\r\nhost: x\r\nexpect: banana\r\n\r\n", 417],
    ["a body that is announced too long", post(`content-length: ${401 * KIB}`), 413],
    [
      "a body that gets too long",
      post("transfer-encoding: chunked", `${(401 * KIB).toString(16)}\r\n${"x".repeat(401 * KIB)}\r\n`),
      413,
    ],
  ])("%s", async (_name, text, status) => {
    const answer = await talk(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const body = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)) as object;
    expect(body).toEqual({ error: expect.any(String) as string });
  });
});

test("many slow uploads end with 503 and leave room for small requests", async () => {
  const answers: string[] = [];
  for (let i = 0; i < 10; i++) {
    const socket = await open();
    socket.on("data", (chunk: Buffer) => answers.push(chunk.toString().slice(0, 12)));
    socket.write(post(`content-length: ${399 * KIB}`, "x".repeat(390 * KIB)));
  }
  // 326 KiB of each count: three fit, the others are refused.
  await expect.poll(() => answers.length).toBe(7);
  expect(new Set(answers)).toEqual(new Set(["HTTP/1.1 503"]));
  expect(await talk(post(`content-length: ${infer.length}`, infer))).toMatch(/^HTTP\/1.1 200/);
  for (const socket of sockets.splice(0)) socket.destroy();
  // Their room is free again.
  await expect.poll(inProgress).toBe(0);
  const body = infer.padEnd(300 * KIB);
  expect(await talk(post(`content-length: ${body.length}`, body))).toMatch(/^HTTP\/1.1 200/);
});

test("connections beyond the limit are closed", async () => {
  for (let i = 0; i < 200; i++) await open();
  const beyond = connect(port, "127.0.0.1");
  beyond.on("error", () => undefined);
  await once(beyond, "close");
  for (const socket of sockets.splice(0)) socket.destroy();
});
