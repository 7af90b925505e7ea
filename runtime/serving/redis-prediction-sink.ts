import { Redis } from "ioredis";
import type { PredictionSink } from "./prediction-log.ts";

export interface RedisSinkOptions {
  /** redis:// or rediss://, without a password. */
  url: string;
  password: string;
  /** Entries that a stream keeps at most, give or take a hundred: Redis trims whole nodes. */
  maxEntries: number;
}

/** Writes predictions to Redis streams, on a connection of its own, so that a slow write holds up no lookup. */
export function redisPredictionSink({ url, password, maxEntries }: RedisSinkOptions): PredictionSink {
  const redis = new Redis(url, {
    password,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 1000,
    connectTimeout: 2000,
  });
  redis.on("error", () => {}); // it reconnects by itself; predictions that it could not take are counted as lost
  return {
    get ready() {
      return redis.status === "ready";
    },
    async write(predictions) {
      const pipeline = redis.pipeline();
      for (const { stream, entry } of predictions)
        pipeline.xadd(stream, "MAXLEN", "~", maxEntries, "*", "entry", JSON.stringify(entry));
      const replies = await pipeline.exec();
      const failed = replies?.find(([error]) => error !== null)?.[0];
      if (failed) throw failed;
    },
    async close() {
      redis.disconnect();
    },
  };
}
