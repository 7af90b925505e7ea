import type { FastifyInstance } from "fastify";
import { silentLogger } from "../../../runtime/log.ts";
import type { Lookup, LookupResult } from "../../../runtime/features/online-store.ts";
import { buildApp } from "../../../runtime/serving/app.ts";
import type { AppOptions } from "../../../runtime/serving/app.ts";
import { modelRepository } from "../../../runtime/serving/model-repository.ts";
import type { ModelRepository, ServedModel } from "../../../runtime/serving/model-repository.ts";
import { loadScorer } from "../../../runtime/serving/scorer.ts";
import { servingMetrics } from "../../../runtime/serving/serving-metrics.ts";
import type { ServingMetrics } from "../../../runtime/serving/serving-metrics.ts";
import { TINY_ONNX, tinyCard } from "./tiny-model.ts";

export const TINY_DIGEST = `sha256:${"0123456789ab".padEnd(64, "c")}`;

export interface ServedTinyModel {
  app: FastifyInstance;
  model: ServedModel;
  repository: ModelRepository;
  metrics: ServingMetrics;
  /** What was handed to the prediction log. */
  recorded: { id: string; batch: Float32Array; scores: Float32Array }[];
}

export interface ServedTinyModelOptions extends Partial<AppOptions> {
  lookup?: (lookups: readonly Lookup[], atMs: number) => Promise<LookupResult[]>;
}

/** The app, ready, with the tiny model on the real onnxruntime; no port, no Redis. */
export async function servedTinyModel(options: ServedTinyModelOptions = {}): Promise<ServedTinyModel> {
  const { lookup = async () => [], ...more } = options;
  const repository = modelRepository();
  const metrics = servingMetrics();
  const recorded: ServedTinyModel["recorded"] = [];
  const app = buildApp({
    repository,
    metrics,
    predictionLog: {
      record: (_model, id, batch, scores) => void recorded.push({ id, batch, scores }),
      close: async () => {},
    },
    log: silentLogger,
    ...more,
  });
  const scorer = await loadScorer(TINY_ONNX, tinyCard);
  const model: ServedModel = { card: tinyCard, digest: TINY_DIGEST, scorer, store: { lookup } };
  repository.add(model);
  metrics.served(model);
  repository.open();
  return { app, model, repository, metrics, recorded };
}
