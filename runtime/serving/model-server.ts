import type { FastifyInstance } from "fastify";
import type { RegistryClient } from "../artifacts/registry-client.ts";
import type { FeatureStoreEnv, ServingEnv } from "../contract/env.ts";
import { Unavailable } from "../errors.ts";
import { connectOnlineStore, type OnlineStore } from "../features/online-store.ts";
import type { Logger } from "../log.ts";
import { withScratch } from "../scratch.ts";
import { buildApp, type AppOptions } from "./app.ts";
import { loadModel } from "./load-model.ts";
import { modelRepository, type ModelRepository } from "./model-repository.ts";
import { predictionLog, type PredictionLog } from "./prediction-log.ts";
import { redisPredictionSink } from "./redis-prediction-sink.ts";
import { servingMetrics, type ServingMetrics } from "./serving-metrics.ts";

export interface ModelServerOptions {
  env: Pick<
    ServingEnv,
    | "SLIPWAY_MODEL"
    | "SLIPWAY_ENVIRONMENT"
    | "SLIPWAY_SERVICE"
    | "SLIPWAY_LOG_SAMPLE"
    | "SLIPWAY_LOG_MAX_ENTRIES"
    | "SLIPWAY_REVISION"
  >;
  /** Registry from which the model is pulled. */
  registry: RegistryClient;
  /** @default - none: features are not looked up, and predictions are not logged */
  featureStore: FeatureStoreEnv | undefined;
  log: Logger;
  /** @default - the app's */
  maxBodyBytes?: AppOptions["maxBodyBytes"];
  /** @default - the app's */
  guard?: AppOptions["guard"];
}

/** A server of one model, without a port. */
export interface ModelServer {
  app: FastifyInstance;
  repository: ModelRepository;
  metrics: ServingMetrics;
  /** Pulls and verifies the model; then the server is ready. One run of the model uses `threads` threads. */
  load(threads: number): Promise<void>;
  /** Writes the rest of the prediction log and frees all resources. Only the first call has an effect. */
  close(): Promise<void>;
}

export function modelServer({
  env,
  registry,
  featureStore,
  log,
  maxBodyBytes,
  guard,
}: ModelServerOptions): ModelServer {
  const metrics = servingMetrics();
  const repository = modelRepository();
  const predictions: PredictionLog =
    featureStore === undefined
      ? { record: () => {}, close: async () => {} }
      : predictionLog({
          sink: redisPredictionSink(featureStore, env.SLIPWAY_LOG_MAX_ENTRIES),
          environment: env.SLIPWAY_ENVIRONMENT,
          service: env.SLIPWAY_SERVICE,
          sample: env.SLIPWAY_LOG_SAMPLE,
          onLogged: (model, count) => metrics.logged(model, count),
          onLost: (model, count) => metrics.lost(model, count),
        });
  const app = buildApp({
    repository,
    metrics,
    predictionLog: predictions,
    log,
    revision: env.SLIPWAY_REVISION,
    ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }),
    ...(guard === undefined ? {} : { guard }),
  });
  const closers: (() => Promise<void>)[] = [() => app.close(), () => predictions.close()];
  return {
    app,
    repository,
    metrics,
    async load(threads) {
      // The files are needed only while the model is loaded.
      const loaded = await withScratch((directory) =>
        loadModel({ registry, reference: env.SLIPWAY_MODEL, directory, threads }),
      );
      const { card, digest } = loaded;
      const store = featureStore === undefined ? noStore : connectOnlineStore(featureStore, card.workload);
      closers.push(
        () => store.close(),
        () => loaded.scorer.close(),
      );
      const model = { ...loaded, store };
      repository.add(model);
      metrics.served(model);
      repository.open();
      log.info("ready", { model: card.name, digest, features: card.features.length });
    },
    async close() {
      for (const close of closers.splice(0)) await close();
    },
  };
}

const noStore: Pick<OnlineStore, "lookup" | "close"> = {
  lookup: async () => {
    throw new Unavailable(
      "feature store: this server has no feature store; send all features to /v2/models/{name}/infer",
    );
  },
  close: async () => {},
};
