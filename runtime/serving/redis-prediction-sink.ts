import type { FeatureStoreEnv } from "../contract/env.ts";
import { redisClient } from "../redis/redis-client.ts";
import type { PredictionSink } from "./prediction-log.ts";

/**
 * Writes predictions to Redis streams, on a separate connection, so that a slow write does not delay lookups. A stream keeps about
 * `maxEntries`, within a hundred, because Redis trims whole nodes.
 */
export function redisPredictionSink(env: FeatureStoreEnv, maxEntries: number): PredictionSink {
  // The client reconnects by itself; predictions that it could not write are counted as lost. A slow write has no timeout while its
  // connection holds: it may succeed, and the queue is bounded.
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
