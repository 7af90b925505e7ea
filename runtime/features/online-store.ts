import type { Redis } from "ioredis";
import type { FeatureStoreEnv } from "../contract/env.ts";
import type { ViewShape } from "../contract/feature.ts";
import { Unavailable, describeError } from "../errors.ts";
import { decodeRecord, encodeRecord, onlineKey } from "./online-codec.ts";
import type { OnlineRecord } from "./online-codec.ts";
import { redisClient } from "../redis/redis-client.ts";

/**
 * `stale`: the record is older than the view's TTL at the time of the lookup. `missing`: there is no record, or it was not yet
 * known at that time, or it belongs to another definition of the view.
 */
export type LookupStatus = "hit" | "missing" | "stale";

export interface Lookup {
  view: ViewShape;
  /** Values of the view's entity keys, in their order; undefined if the caller does not know the entity. */
  entity: readonly string[] | undefined;
}

export interface LookupResult {
  status: LookupStatus;
  /** Event time of the record in Unix milliseconds; null if there is no record. */
  eventTimeMs: number | null;
  /** One value per feature of the view; NaN unless `hit`. In training too, a value older than the TTL is missing. */
  values: Float32Array;
}

export interface OnlineStore {
  /** Returns the results in the order of `lookups`, as of `atMs` (Unix milliseconds), in one round trip. Throws Unavailable. */
  lookup(lookups: readonly Lookup[], atMs: number): Promise<LookupResult[]>;
  /** Looks up entities of one view. */
  getMany(view: ViewShape, entities: readonly (readonly string[])[], atMs: number): Promise<LookupResult[]>;
  /** Replaces the records of many entities. Redis drops them after `expireSeconds`. */
  putMany(
    view: ViewShape,
    records: readonly { entity: readonly string[]; record: OnlineRecord }[],
    expireSeconds: number,
  ): Promise<void>;
  close(): Promise<void>;
}

/** The part of a Redis client that the store needs. */
export type OnlineRedis = Pick<Redis, "mgetBuffer" | "pipeline" | "quit">;

export interface OnlineStoreOptions {
  /** Returns the reason why Redis is unreachable; undefined while it is reachable. */
  problem?: () => string | undefined;
  /** Timeout of a command in milliseconds. @default 500, so that a request never hangs on the store */
  timeoutMs?: number;
}

/** Returns the online feature store of one workload. It has one packed record for each entity of each view. */
export function onlineStore(
  redis: OnlineRedis,
  workload: string,
  { problem = () => undefined, timeoutMs = 500 }: OnlineStoreOptions = {},
): OnlineStore {
  async function run<T>(verb: string, command: () => Promise<T>): Promise<T> {
    try {
      return await withTimeout(timeoutMs, command());
    } catch (error) {
      const why = problem() ?? `${describeError(error)}; check that Redis runs`;
      throw new Unavailable(`feature store: ${verb} failed: ${why}`);
    }
  }

  async function lookup(lookups: readonly Lookup[], atMs: number): Promise<LookupResult[]> {
    const known = lookups.filter(({ entity }) => entity !== undefined);
    const keys = known.map(({ view, entity }) => onlineKey(workload, view, entity ?? []));
    const found = keys.length === 0 ? [] : await run("read", () => redis.mgetBuffer(keys));
    let next = 0;
    return lookups.map(({ view, entity }) =>
      toResult(view, entity === undefined ? null : (found[next++] ?? null), atMs),
    );
  }

  return {
    lookup,
    getMany: (view, entities, atMs) =>
      lookup(
        entities.map((entity) => ({ view, entity })),
        atMs,
      ),
    async putMany(view, records, expireSeconds) {
      const batch = 1000; // keeps a pipeline to about 100 KB
      for (let start = 0; start < records.length; start += batch) {
        const pipeline = redis.pipeline();
        for (const { entity, record } of records.slice(start, start + batch))
          pipeline.set(onlineKey(workload, view, entity), encodeRecord(record), "EX", expireSeconds);
        const replies = await run("write", () => pipeline.exec());
        const failed = replies?.find(([error]) => error !== null)?.[0];
        if (failed) throw new Unavailable(`feature store: write failed: ${failed.message}`);
      }
    },
    async close() {
      await redis.quit().catch(() => undefined);
    },
  };
}

/** Connects to the feature store that the environment names. Commands fail fast while Redis is unreachable. */
export function connectOnlineStore(
  env: FeatureStoreEnv,
  workload: string,
  { timeoutMs = 500 }: Pick<OnlineStoreOptions, "timeoutMs"> = {},
): OnlineStore {
  const { redis, problem } = redisClient(env, {
    maxRetriesPerRequest: 1,
    connectTimeout: 2000,
    socketTimeout: Math.max(5000, 2 * timeoutMs), // a connection without answers is opened again
    enableAutoPipelining: true,
  });
  return onlineStore(redis, workload, { problem, timeoutMs });
}

/**
 * Rejects if the command has no answer after `timeoutMs`. After a busy event loop the timer may fire before an answer that has
 * already arrived is read, so the sockets are read once more first.
 */
async function withTimeout<T>(timeoutMs: number, command: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(new Error(`no answer in ${timeoutMs} ms`));
    timer = setTimeout(() => setImmediate(() => setImmediate(fail)), timeoutMs);
  });
  try {
    return await Promise.race([command, late]);
  } finally {
    clearTimeout(timer);
  }
}

function toResult(view: ViewShape, bytes: Buffer | null, atMs: number): LookupResult {
  const width = view.features.length;
  const record = bytes === null ? undefined : decodeRecord(bytes, width);
  // A value that became known after `atMs` is missing, as in training.
  if (record === undefined || record.knownAtMs > atMs)
    return { status: "missing", eventTimeMs: null, values: new Float32Array(width).fill(NaN) };
  const { eventTimeMs, values } = record;
  const stale = view.ttlSeconds !== null && atMs - eventTimeMs > view.ttlSeconds * 1000;
  return { status: stale ? "stale" : "hit", eventTimeMs, values: stale ? values.fill(NaN) : values };
}
