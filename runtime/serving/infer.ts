import { randomUUID } from "node:crypto";
import { RuntimeFault } from "../errors.ts";
import { parseInferRequest } from "./infer-request.ts";
import { modelVersion } from "./model-repository.ts";
import type { ServedModel } from "./model-repository.ts";
import type { PredictionLog } from "./prediction-log.ts";
import type { ServingMetrics } from "./serving-metrics.ts";
import { assemble, parsePredictRequest, toLookups } from "./predict-request.ts";
import type { FeatureGaps } from "./predict-request.ts";
import type { LookupResult } from "../features/online-store.ts";

export interface InferenceOptions {
  metrics: ServingMetrics;
  log: PredictionLog;
  /** Rows of one request at most. */
  maxRows: number;
  /** Unix milliseconds. */
  now: () => number;
}

export interface InferResponse {
  model_name: string;
  model_version: string;
  /** The request's own, or else the prediction's. */
  id: string;
  /** `prediction_id`: by it and the row's position, the prediction log knows the prediction. */
  parameters: { prediction_id: string };
  outputs: [{ name: string; shape: [number, 1]; datatype: "FP32"; data: number[] }];
}

export interface PredictResponse {
  model_name: string;
  model_version: string;
  /** By it and the instance's position, the prediction log knows the prediction. */
  prediction_id: string;
  /** Probability from which the decision is true. */
  threshold: number;
  predictions: ({ probability: number; decision: boolean } & FeatureGaps)[];
}

export interface Inference {
  /** Scores rows that the caller brings whole. */
  infer(model: ServedModel, body: unknown): Promise<InferResponse>;
  /** Scores rows whose features are looked up by entity. */
  predict(model: ServedModel, body: unknown): Promise<PredictResponse>;
}

/** What the inference routes do, without HTTP. Errors are RuntimeFaults, or defects. */
export function inference({ metrics, log, maxRows, now }: InferenceOptions): Inference {
  async function score(
    model: ServedModel,
    id: string,
    batch: Float32Array,
    rows: number,
    started: number,
  ): Promise<Float32Array> {
    const computeStarted = performance.now();
    const scores = await model.scorer.score(batch, rows);
    const ended = performance.now();
    log.record(model, id, batch, scores);
    metrics.inferenceSucceeded(model, rows, micros(started, ended), micros(computeStarted, ended));
    return scores;
  }

  async function lookUp(
    model: ServedModel,
    lookups: ReturnType<typeof toLookups>,
    atMs: number,
  ): Promise<LookupResult[]> {
    try {
      const found = await model.store.lookup(lookups, atMs);
      found.forEach(({ status }, i) => metrics.featureLookup(lookups[i]?.view.name ?? "", status, 1));
      return found;
    } catch (error) {
      for (const { name } of model.card.views) metrics.featureLookup(name, "error", 1);
      throw error;
    }
  }

  async function counted<T>(model: ServedModel, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RuntimeFault) || error.status >= 500) metrics.inferenceFailed(model);
      throw error;
    }
  }

  return {
    infer: (model, body) =>
      counted(model, async () => {
        const started = performance.now();
        const { card, digest } = model;
        const { id, batch, rows } = parseInferRequest(body, card, maxRows);
        const predictionId = randomUUID();
        const data = Array.from(await score(model, predictionId, batch, rows, started));
        return {
          model_name: card.name,
          model_version: modelVersion(digest),
          id: id ?? predictionId,
          parameters: { prediction_id: predictionId },
          outputs: [{ name: card.output.name, shape: [rows, 1], datatype: card.output.datatype, data }],
        };
      }),

    predict: (model, body) =>
      counted(model, async () => {
        const started = performance.now();
        const { card, digest } = model;
        const { instances, atMs } = parsePredictRequest(body, card, maxRows, now());
        const found = await lookUp(model, toLookups(instances, card), atMs);
        const { batch, gaps } = assemble(instances, card, found);
        const predictionId = randomUUID();
        const scores = await score(model, predictionId, batch, instances.length, started);
        return {
          model_name: card.name,
          model_version: modelVersion(digest),
          prediction_id: predictionId,
          threshold: card.threshold,
          predictions: gaps.map((gap, i) => {
            const probability = scores[i] ?? NaN;
            return { probability, decision: probability >= card.threshold, ...gap };
          }),
        };
      }),
  };
}

const micros = (from: number, to: number): number => Math.round((to - from) * 1000);
