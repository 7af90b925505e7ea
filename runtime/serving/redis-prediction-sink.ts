import type { FeatureStoreEnv } from "../contract/env.ts";
import { redisClient } from "../redis/redis-client.ts";
import type { PredictionSink } from "./prediction-log.ts";

/**
 * Writes predictions to Redis streams, on a connection of its own, so that a slow write holds up no lookup. A stream keeps
 * `maxEntries`, give or take a hundred: Redis trims whole nodes.
 */
export function redisPredictionSink(env: FeatureStoreEnv, maxEntries: number): PredictionSink {
  // It reconnects by itself; predictions that it could not take are counted as lost. A write that takes long is waited for
  // as long as its connection holds: it may well be written, and the queue is bounded.
  const { redis } = redisClient(env, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    socketTimeout: 30_000,
    connectTimeout: 2000,
  });
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
