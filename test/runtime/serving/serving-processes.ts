import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { request, type Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll } from "vitest";
import { predictionStream } from "../../../runtime/contract/prediction-log.ts";
import { connectOnlineStore } from "../../../runtime/features/online-store.ts";
import { fakeRegistry } from "../support/fake-registry.ts";
import type { FakeRegistry } from "../support/fake-registry.ts";
import { redisProcess } from "../support/redis-process.ts";
import type { RedisProcess } from "../support/redis-process.ts";
import { serveProcess } from "../support/serve-process.ts";
import type { ServeProcess } from "../support/serve-process.ts";
import { tinyArtifact, tinyCard } from "./tiny-model.ts";

/** Time of the predictions. */
export const AT = "2013-12-31T12:00:00Z";

/** A registry with the tiny model, a Redis, and servers of the model as processes, which end after each test. */
export interface ServingProcesses {
  readonly registry: FakeRegistry;
  readonly redis: RedisProcess;
  /** Reference of the tiny model. */
  readonly reference: string;
  readonly running: ServeProcess[];
  /** Key of the model's prediction log. */
  readonly stream: () => string;
  /** Puts the tiny model, with changed files, into the registry and returns its reference. */
  readonly publish: (changed?: Parameters<typeof tinyArtifact>[0]) => Promise<string>;
  /** Starts a server and waits until it is ready. */
  readonly start: (env?: Record<string, string>) => Promise<ServeProcess>;
  /** Starts a server that may never become ready. */
  readonly spawnServe: (
    env: Record<string, string>,
    metricsPort?: string,
  ) => { child: ChildProcess; ended: Promise<number | null>; output: () => string };
  /** Writes the features of JFK and N1 to the online store. */
  readonly materialize: () => Promise<void>;
}

/** Must be called at the top level of a test file. */
export function servingProcesses(): ServingProcesses {
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

  function spawnServe(
    env: Record<string, string>,
    metricsPort = "0",
  ): { child: ChildProcess; ended: Promise<number | null>; output: () => string } {
    const main = new URL("../../../runtime/main.ts", import.meta.url).pathname;
    const flags = [
      "--host",
      "127.0.0.1",
      "--port",
      "0",
      "--metrics-port",
      metricsPort,
      "--gateway-port",
      "0",
    ];
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
    return {
      child,
      ended: once(child, "close").then(([code]) => code as number | null),
      output: () => output,
    };
  }

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
  return {
    get registry() {
      return registry;
    },
    get redis() {
      return redis;
    },
    get reference() {
      return reference;
    },
    running,
    stream,
    publish,
    start,
    spawnServe,
    materialize,
  };
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** One request; rejects if the connection fails. */
export function call(url: string, payload?: unknown, agent?: Agent): Promise<Answer> {
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

/** Inputs of an inference request with one row. */
export const inputs = [{ name: "features", shape: [1, 5], datatype: "FP32", data: [1, 5, 40, 10, 150] }];
export const infer = (url: string, agent?: Agent): Promise<Answer> =>
  call(`${url}/v2/models/tiny/infer`, { inputs }, agent);
const full = { entities: { origin: "JFK", tailnum: "N1" }, features: { carrier: "UA", dep_delay: 5 } };
export const predict = (url: string): Promise<Answer> =>
  call(`${url}/v1/models/tiny:predict`, { at: AT, instances: [full] });

/** Calls `what` until its value `holds`, for ten seconds, and returns the last value. */
export async function eventually<T>(what: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const value = await what();
    if (holds(value) || Date.now() > deadline) return value;
    await sleep(50);
  }
}
