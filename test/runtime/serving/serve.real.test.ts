import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { predictionEntrySchema, predictionStream } from "../../../runtime/contract/prediction-log.ts";
import { connectOnlineStore } from "../../../runtime/features/online-store.ts";
import { fakeRegistry } from "../support/fake-registry.ts";
import type { FakeRegistry } from "../support/fake-registry.ts";
import { freePort, redisProcess } from "../support/redis-process.ts";
import type { RedisProcess } from "../support/redis-process.ts";
import { serveProcess } from "../support/serve-process.ts";
import type { ServeProcess } from "../support/serve-process.ts";
import { json, tinyArtifact, tinyCard } from "./tiny-model.ts";

const AT = "2013-12-31T12:00:00Z";
const stream = (): string =>
  predictionStream({ environment: "staging", service: "tiny", digest: reference.split("@")[1] ?? "" });
let registry: FakeRegistry;
let redis: RedisProcess;
let reference: string;
const running: ServeProcess[] = [];

beforeAll(async () => {
  registry = await fakeRegistry();
  redis = await redisProcess();
  reference = await publish();
});
afterEach(async () => {
  for (const { child } of running) if (child.exitCode === null) child.kill("SIGKILL");
  await Promise.all(running.splice(0).map(({ ended }) => ended));
});
afterAll(async () => {
  await registry.close();
  await redis.close();
});

async function publish(changed: Parameters<typeof tinyArtifact>[0] = {}): Promise<string> {
  const artifact = await tinyArtifact(changed);
  registry.manifests.set(artifact.reference.split("@")[1] ?? "", artifact.manifest);
  for (const [digest, bytes] of artifact.blobs) registry.blobs.set(digest, bytes);
  return artifact.reference;
}

async function start(env: Record<string, string> = {}): Promise<ServeProcess> {
  const started = await serveProcess({
    SLIPWAY_REGISTRY: registry.url,
    SLIPWAY_MODEL: reference,
    SLIPWAY_FEATURE_STORE_URL: redis.url,
    SLIPWAY_FEATURE_STORE_PASSWORD: redis.password,
    SLIPWAY_DRAIN_SECONDS: "0",
    ...env,
  });
  running.push(started);
  return started;
}

/** A server that may never get ready. */
function spawnServe(
  env: Record<string, string>,
  metricsPort = "0",
): { child: ChildProcess; ended: Promise<number | null>; output: () => string } {
  const main = new URL("../../../runtime/main.ts", import.meta.url).pathname;
  const flags = ["--host", "127.0.0.1", "--port", "0", "--metrics-port", metricsPort];
  const child = spawn(process.execPath, ["--import", "tsx", main, "serve", ...flags], {
    env: {
      PATH: process.env["PATH"],
      DOCKER_CONFIG: "/nonexistent",
      SLIPWAY_ENVIRONMENT: "staging",
      SLIPWAY_SERVICE: "tiny",
      SLIPWAY_REGISTRY: registry.url,
      SLIPWAY_MODEL: reference,
      SLIPWAY_FEATURE_STORE_URL: redis.url,
      SLIPWAY_FEATURE_STORE_PASSWORD: redis.password,
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return { child, ended: once(child, "close").then(([code]) => code as number | null), output: () => output };
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const agents: Agent[] = [];
/** One request; rejects if the connection fails. */
function call(url: string, payload?: unknown, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: payload === undefined ? "GET" : "POST", agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
        }),
      );
    });
    sent.on("error", reject);
    sent.end(payload === undefined ? undefined : JSON.stringify(payload));
  });
}

const inputs = [{ name: "features", shape: [1, 5], datatype: "FP32", data: [1, 5, 40, 10, 150] }];
const infer = (url: string, agent?: Agent): Promise<Answer> =>
  call(`${url}/v2/models/tiny/infer`, { inputs }, agent);
const full = { entities: { origin: "JFK", tailnum: "N1" }, features: { carrier: "UA", dep_delay: 5 } };
const predict = (url: string): Promise<Answer> =>
  call(`${url}/v1/models/tiny:predict`, { at: AT, instances: [full] });

async function materialize(): Promise<void> {
  const store = connectOnlineStore(
    { SLIPWAY_FEATURE_STORE_URL: redis.url, SLIPWAY_FEATURE_STORE_PASSWORD: redis.password },
    "flight-delays",
  );
  const [weather, plane] = tinyCard.views;
  if (weather === undefined || plane === undefined) throw new Error("the tiny card has two views");
  const eventTimeMs = Date.parse(AT) - 3600_000;
  await store.putMany(
    weather,
    [
      {
        entity: ["JFK"],
        record: { eventTimeMs, knownAtMs: eventTimeMs, values: Float32Array.from([10, 40]) },
      },
    ],
    600,
  );
  await store.putMany(
    plane,
    [{ entity: ["N1"], record: { eventTimeMs: 0, knownAtMs: 0, values: Float32Array.from([150]) } }],
    600,
  );
  await store.close();
}

async function eventually<T>(what: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const value = await what();
    if (holds(value) || Date.now() > deadline) return value;
    await sleep(50);
  }
}

test("gives the same score to features that it looks up and to those that it is sent, and logs both", async () => {
  await redis.client.flushall();
  await materialize();
  const { url, metricsUrl } = await start();
  const predicted = await predict(url);
  const inferred = await infer(url);
  expect(predicted.body["predictions"]).toEqual([
    {
      probability: expect.closeTo(0.294215, 6) as number,
      decision: false,
      missing: [],
      stale: [],
      unknown: [],
      untrained: [],
    },
  ]);
  expect(inferred.body["outputs"]).toMatchObject([{ data: [expect.closeTo(0.294215, 6)] }]);
  const records = await eventually(
    () => redis.client.xrange(stream(), "-", "+"),
    ({ length }) => length === 2,
  );
  const entries = records.map(([, fields]) => predictionEntrySchema.parse(JSON.parse(fields[1] ?? "")));
  expect(entries).toEqual(
    [predicted.body["prediction_id"], inferred.body["id"]].map((id) => ({
      id,
      row: 0,
      features: [1, 5, 40, 10, 150],
      score: expect.closeTo(0.294215, 6) as number,
    })),
  );
  for (const route of ["live", "ready"])
    expect((await fetch(`${metricsUrl}/v2/health/${route}`)).status, "the kubelet asks here").toBe(200);
  const metrics = await (await fetch(`${metricsUrl}/metrics`)).text();
  expect(metrics).toContain('slipway_feature_lookups_total{view="origin-weather",status="hit"} 1');
  expect(metrics).toContain("process_resident_memory_bytes");
});

test("keeps the prediction log to its bound", async () => {
  await redis.client.flushall();
  const { url } = await start({ SLIPWAY_LOG_MAX_ENTRIES: "500" });
  const rows = 1000;
  const data = Array.from({ length: rows }, () => [1, 5, 40, 10, 150]);
  const big = [{ name: "features", shape: [rows, 5], datatype: "FP32", data }];
  const added = (): Promise<number> =>
    redis.client
      .xinfo("STREAM", stream())
      .then((info) => Number((info as unknown[])[(info as unknown[]).indexOf("entries-added") + 1]))
      .catch(() => 0);
  // One after the other: of a burst, no more than 1000 predictions of an interval are kept.
  for (let i = 1; i <= 3; i++) {
    expect((await call(`${url}/v2/models/tiny/infer`, { inputs: big })).status).toBe(200);
    expect(await eventually(added, (count) => count === i * rows)).toBe(i * rows);
  }
  expect(await redis.client.xlen(stream())).toBeLessThanOrEqual(600);
});

test("Redis killed under load: infer goes on, predict says 503, and both work once it is back", async () => {
  await materialize();
  const { url } = await start();
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  const statuses: number[] = [];
  let slowest = 0;
  let stop = false;
  const load = (async () => {
    while (!stop) {
      const started = performance.now();
      statuses.push((await infer(url, agent)).status);
      slowest = Math.max(slowest, performance.now() - started);
    }
  })();
  expect((await predict(url)).status).toBe(200);
  await redis.kill();
  const down = await predict(url);
  expect(down).toEqual({ status: 503, body: { error: expect.stringMatching(/feature store/) as string } });
  await sleep(1000);
  expect((await call(`${url}/v2/health/ready`)).status).toBe(200);
  await redis.restart();
  await materialize();
  const back = await eventually(
    () => predict(url),
    ({ status }) => status === 200,
  );
  expect(back.status).toBe(200);
  const logged = await eventually(
    () => redis.client.xlen(stream()),
    (length) => length > 0,
  );
  expect(logged).toBeGreaterThan(0);
  stop = true;
  await load;
  agent.destroy();
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(statuses.length).toBeGreaterThan(50);
  expect(slowest).toBeLessThan(1000);
});

test("SIGTERM under load, with a second server beside it, fails no request", async () => {
  const [leaving, staying] = await Promise.all([start({ SLIPWAY_DRAIN_SECONDS: "2" }), start()]);
  // What endpoints do in a cluster: a probe every 100 ms decides where new connections go.
  let leavingIsReady = true;
  let stop = false;
  const probes = (async () => {
    while (!stop) {
      leavingIsReady = await call(`${leaving.url}/v2/health/ready`).then(
        ({ status }) => status === 200,
        () => false,
      );
      await sleep(100);
    }
  })();
  const answered = { leaving: 0, staying: 0, leavingAfterTerm: 0 };
  const failures: unknown[] = [];
  let terminated = false;
  const caller = async (): Promise<void> => {
    // One connection is kept to each server, as clients with pools do.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let turn = 0;
    while (!stop) {
      const to = leavingIsReady && turn++ % 2 === 0 ? "leaving" : "staying";
      await infer(to === "leaving" ? leaving.url : staying.url, agent).then(
        ({ status }) => {
          if (status !== 200) failures.push(status);
          answered[to]++;
          if (to === "leaving" && terminated) answered.leavingAfterTerm++;
        },
        (error: unknown) => failures.push(error),
      );
    }
    agent.destroy();
  };
  const callers = Array.from({ length: 8 }, caller);
  await sleep(1000);
  terminated = true;
  leaving.child.kill("SIGTERM");
  const code = await leaving.ended;
  await sleep(300);
  stop = true;
  await Promise.all([...callers, probes]);
  expect(failures).toEqual([]);
  expect(code).toBe(0);
  expect(answered.leaving).toBeGreaterThan(10);
  expect(answered.leavingAfterTerm).toBeGreaterThan(0);
  expect(answered.staying).toBeGreaterThan(10);
});

test("SIGTERM finishes the request that is in flight, and closes idle connections at once", async () => {
  const { url, child, ended } = await start();
  const idle = new Agent({ keepAlive: true });
  await infer(url, idle);
  const body = JSON.stringify({ inputs });
  const answer = new Promise<number>((resolve, reject) => {
    const slow = request(`${url}/v2/models/tiny/infer`, {
      method: "POST",
      headers: { "content-length": body.length },
    });
    slow.on("response", (response) => resolve(response.resume().statusCode ?? 0));
    slow.on("error", reject);
    slow.write(body.slice(0, 10));
    setTimeout(() => child.kill("SIGTERM"), 200);
    setTimeout(() => slow.end(body.slice(10)), 1000);
  });
  expect(await answer).toBe(200);
  const started = performance.now();
  expect(await ended).toBe(0);
  expect(performance.now() - started).toBeLessThan(4000);
  idle.destroy();
});

test("after a failover that leaves its connection with a replica, it logs to the new primary", async () => {
  await redis.client.flushall();
  const { url } = await start();
  await infer(url);
  await eventually(
    () => redis.client.xlen(stream()),
    (length) => length === 1,
  );
  // The server's connection stays open, and every write on it is refused. Its name then leads to a primary again.
  const closed = await freePort();
  await redis.client.replicaof("127.0.0.1", closed);
  await infer(url);
  await sleep(500);
  await redis.client.replicaof("NO", "ONE");
  const logged = await eventually(
    async () => {
      await infer(url);
      return redis.client.xlen(stream());
    },
    (length) => length > 1,
  );
  expect(logged).toBeGreaterThan(1);
});

test("ends at once where it is told to while its model is being pulled", async () => {
  const slow = createServer(() => {}); // takes a request and never answers
  slow.listen(0, "127.0.0.1");
  await once(slow, "listening");
  const { port } = slow.address() as AddressInfo;
  const started = spawnServe({ SLIPWAY_REGISTRY: `http://127.0.0.1:${port}`, SLIPWAY_DRAIN_SECONDS: "30" });
  await once(slow, "request");
  const asked = performance.now();
  started.child.kill("SIGTERM");
  expect(await started.ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  slow.closeAllConnections();
  slow.close();
});

test("ends with the reason where its metrics port is taken", async () => {
  const taken = createServer(() => {}).listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const { ended, output } = spawnServe({}, String(port));
  expect(await ended).toBe(1);
  expect(output()).toMatch(/EADDRINUSE/);
  taken.close();
});

test("ends well while Redis is down", async () => {
  await redis.kill();
  const { url, child, ended } = await start();
  expect((await infer(url)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  await redis.restart();
});

test("a model that does not reproduce its examples never gets ready", async () => {
  const wrong = await publish({
    "examples.json": json({ schemaVersion: 1, rows: [[0, 0, 0, 0, 0]], scores: [0.9] }),
  });
  await expect(start({ SLIPWAY_MODEL: wrong })).rejects.toThrow(/ended with 1: .*example 0 must score 0\.9/);
});

test("a model whose bytes were changed in the registry never gets ready", async () => {
  const { reference: honest, blobs } = await tinyArtifact({ "provenance.json": json({ changed: true }) });
  await publish({ "provenance.json": json({ changed: true }) });
  const [digest] = [...blobs].find(([, bytes]) => Buffer.from(bytes).equals(json({ changed: true }))) ?? [];
  registry.blobs.set(digest ?? "", json({ changed: "yes" }));
  await expect(start({ SLIPWAY_MODEL: honest })).rejects.toThrow(/ended with 1: .*with digest/);
});
