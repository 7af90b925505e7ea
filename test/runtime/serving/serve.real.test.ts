import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { predictionEntrySchema } from "../../../runtime/contract/prediction-log.ts";
import { freePort } from "../support/redis-process.ts";
import { call, eventually, infer, predict, servingProcesses } from "./serving-processes.ts";
import { json, tinyArtifact } from "./tiny-model.ts";

const processes = servingProcesses();
const { materialize, publish, start, stream } = processes;
const agents: Agent[] = [];

test("gives the same score to features that it looks up and to those that it is sent, and logs both", async () => {
  await processes.redis.client.flushall();
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
    () => processes.redis.client.xrange(stream(), "-", "+"),
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

test("opens a port for a gateway if it has API keys, and takes a new key without a restart", async () => {
  expect((await start()).gatewayUrl).toBeUndefined();
  const folder = await mkdtemp(join(tmpdir(), "api-keys-"));
  try {
    const { url, gatewayUrl = "", lines } = await start({ SLIPWAY_API_KEYS: folder });
    const ask = async (): Promise<number> =>
      (await fetch(`${gatewayUrl}/v2`, { headers: { "x-api-key": "k" } })).status;
    expect(await ask()).toBe(401);
    expect((await fetch(`${url}/v2`)).status).toBe(200);
    await writeFile(join(folder, "mobile"), createHash("sha256").update("k").digest("hex"));
    expect(await eventually(ask, (status) => status === 200)).toBe(200);
    expect(lines).toContainEqual(expect.objectContaining({ message: "api keys", callers: ["mobile"] }));
  } finally {
    await rm(folder, { recursive: true });
  }
}, 30_000);

test("keeps the prediction log to its bound", async () => {
  await processes.redis.client.flushall();
  const { url } = await start({ SLIPWAY_LOG_MAX_ENTRIES: "500" });
  const rows = 1000;
  const data = Array.from({ length: rows }, () => [1, 5, 40, 10, 150]);
  const big = [{ name: "features", shape: [rows, 5], datatype: "FP32", data }];
  const added = (): Promise<number> =>
    processes.redis.client
      .xinfo("STREAM", stream())
      .then((info) => Number((info as unknown[])[(info as unknown[]).indexOf("entries-added") + 1]))
      .catch(() => 0);
  // One after the other: of a burst, no more than 1000 predictions of an interval are kept.
  for (let i = 1; i <= 3; i++) {
    expect((await call(`${url}/v2/models/tiny/infer`, { inputs: big })).status).toBe(200);
    expect(await eventually(added, (count) => count === i * rows)).toBe(i * rows);
  }
  expect(await processes.redis.client.xlen(stream())).toBeLessThanOrEqual(600);
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
  await processes.redis.kill();
  const down = await predict(url);
  expect(down).toEqual({ status: 503, body: { error: expect.stringMatching(/feature store/) as string } });
  await sleep(1000);
  expect((await call(`${url}/v2/health/ready`)).status).toBe(200);
  await processes.redis.restart();
  await materialize();
  const back = await eventually(
    () => predict(url),
    ({ status }) => status === 200,
  );
  expect(back.status).toBe(200);
  const logged = await eventually(
    () => processes.redis.client.xlen(stream()),
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

test("after a failover that leaves its connection with a replica, it logs to the new primary", async () => {
  await processes.redis.client.flushall();
  const { url } = await start();
  await infer(url);
  await eventually(
    () => processes.redis.client.xlen(stream()),
    (length) => length === 1,
  );
  // The server's connection stays open, and every write on it is refused. Its name then leads to a primary again.
  const closed = await freePort();
  await processes.redis.client.replicaof("127.0.0.1", closed);
  await infer(url);
  await sleep(500);
  await processes.redis.client.replicaof("NO", "ONE");
  const logged = await eventually(
    async () => {
      await infer(url);
      return processes.redis.client.xlen(stream());
    },
    (length) => length > 1,
  );
  expect(logged).toBeGreaterThan(1);
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
  processes.registry.blobs.set(digest ?? "", json({ changed: "yes" }));
  await expect(start({ SLIPWAY_MODEL: honest })).rejects.toThrow(/ended with 1: .*with digest/);
});
