import { once } from "node:events";
import { z } from "zod";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { servingEnvSchema } from "../contract/env.ts";
import { PORT } from "../contract/port.ts";
import { connectOnlineStore } from "../features/online-store.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { startMetricsServer } from "../metrics-server.ts";
import { withScratch } from "../scratch.ts";
import { buildApp } from "./app.ts";
import { drain } from "./drain.ts";
import { loadModel } from "./load-model.ts";
import { modelRepository } from "./model-repository.ts";
import { predictionLog } from "./prediction-log.ts";
import { redisPredictionSink } from "./redis-prediction-sink.ts";
import { servingMetrics } from "./serving-metrics.ts";

const port = z.coerce.number().int().min(0).max(65_535);
const flagsSchema = z.strictObject({
  host: z.string().default("0.0.0.0"),
  /** 0: any free port, told in the log. */
  port: port.default(PORT.inference),
  "metrics-port": port.default(PORT.metrics),
  /** Threads that share one run of the model. */
  threads: z.coerce.number().int().min(1).default(1),
});

/**
 * `slipway serve [--host H] [--port N] [--metrics-port N] [--threads N]`: serves the model of SLIPWAY_MODEL until it is
 * told to end, then drains. Live from the start; ready once the model is pulled, verified, and scores its own examples.
 */
export const serveJob: Job = async ({ args, env: rawEnv, log, signal }) => {
  const flags = parseFlags(args, flagsSchema);
  const env = parseEnv(rawEnv, servingEnvSchema);
  const registry = await connectRegistry(env.SLIPWAY_REGISTRY, env.DOCKER_CONFIG);
  const metrics = servingMetrics();
  const repository = modelRepository();
  const predictions = predictionLog({
    sink: redisPredictionSink(env, env.SLIPWAY_LOG_MAX_ENTRIES),
    environment: env.SLIPWAY_ENVIRONMENT,
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
  });
  const metricsServer = await startMetricsServer(metrics.registry, flags.host, flags["metrics-port"]);
  try {
    const address = await app.listen({ host: flags.host, port: flags.port });
    log.info("listening", { address, metricsPort: metricsServer.port });
    const { threads } = flags;
    // The files are needed for the time of loading only.
    const loaded = await withScratch((directory) =>
      loadModel({ registry, reference: env.SLIPWAY_MODEL, directory, threads }),
    );
    const { card, digest } = loaded;
    const store = connectOnlineStore(env, card.workload);
    const model = { ...loaded, store };
    repository.add(model);
    metrics.served(model);
    repository.open();
    log.info("ready", { model: card.name, digest, features: card.features.length });
    if (!signal.aborted) await once(signal, "abort");
    await drain({ app, repository, log, drainSeconds: env.SLIPWAY_DRAIN_SECONDS });
    await predictions.close();
    await store.close();
    await loaded.scorer.close();
  } finally {
    await app.close();
    await predictions.close();
    await metricsServer.close();
  }
  return undefined;
};
