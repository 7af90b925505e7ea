import { randomUUID } from "node:crypto";
import { RuntimeFault } from "../errors.ts";
import type { Admission } from "./admission.ts";
import { assemble, toLookups, type FeatureGaps } from "./assemble.ts";
import { parseInferRequest } from "./infer-request.ts";
import { modelVersion } from "./model-repository.ts";
import type { ServedModel } from "./model-repository.ts";
import { BINARY } from "../contract/task.ts";
import { predictionAnswer, type PredictionAnswer } from "./prediction-answer.ts";
import type { PredictionLog } from "./prediction-log.ts";
import type { ServingMetrics } from "./serving-metrics.ts";
import { parsePredictRequest } from "./predict-request.ts";
import type { LookupResult, LookupStatus } from "../features/online-store.ts";

export interface InferenceOptions {
  metrics: ServingMetrics;
  log: PredictionLog;
  admission: Admission;
  /** Greatest number of rows of one request. */
  maxRows: number;
  /** Unix milliseconds. */
  now: () => number;
}

export interface InferResponse {
  model_name: string;
  model_version: string;
  /** Id of the request, or else of the prediction. */
  id: string;
  parameters: {
    /** With the position of the row, it identifies a prediction in the prediction log. */
    prediction_id: string;
    /** Comma-separated names of features that are missing in some row and in no training row; absent if there are none. */
    untrained?: string;
  };
  outputs: [{ name: string; shape: [number, number]; datatype: "FP32"; data: number[] }];
}

export interface PredictResponse {
  model_name: string;
  model_version: string;
  /** With the position of the instance, it identifies a prediction in the prediction log. */
  prediction_id: string;
  /** Binary: probability from which the decision is true. */
  threshold?: number;
  predictions: (PredictionAnswer & FeatureGaps)[];
}

export interface Inference {
  /** Scores rows with all features. */
  infer(model: ServedModel, body: unknown): Promise<InferResponse>;
  /** Scores rows whose features are looked up by entity. */
  predict(model: ServedModel, body: unknown): Promise<PredictResponse>;
}

/** Returns the functions behind the inference routes, without HTTP. They throw RuntimeFaults; any other error is a defect. */
export function inference({ metrics, log, admission, maxRows, now }: InferenceOptions): Inference {
  async function score(
    model: ServedModel,
    id: string,
    batch: Float32Array,
    rows: number,
    started: number,
  ): Promise<Float32Array> {
    let computeStarted = 0;
    const scores = await admission.takeTurn(rows, () => {
      computeStarted = performance.now();
      return model.scorer.score(batch, rows);
    });
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
      countLookups(model, found);
      return found;
    } catch (error) {
      for (const { name } of model.card.views) metrics.featureLookup(name, "error", 1);
      throw error;
    }
  }

  /** Counts the lookups of each view. They are ordered by instance, then by the card's views. */
  function countLookups({ card: { views } }: ServedModel, found: readonly LookupResult[]): void {
    views.forEach(({ name }, v) => {
      const counts = new Map<LookupStatus, number>();
      for (let i = v; i < found.length; i += views.length) {
        const status = found[i]?.status ?? "missing";
        counts.set(status, (counts.get(status) ?? 0) + 1);
      }
      for (const [status, count] of counts) metrics.featureLookup(name, status, count);
    });
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
        const { id, batch, rows, untrained } = parseInferRequest(body, card, maxRows);
        const predictionId = randomUUID();
        const scores = await admission.admit(rows, () => score(model, predictionId, batch, rows, started));
        return {
          model_name: card.name,
          model_version: modelVersion(digest),
          id: id ?? predictionId,
          parameters: {
            prediction_id: predictionId,
            ...(untrained.length === 0 ? {} : { untrained: untrained.join(",") }),
          },
          outputs: [
            {
              name: card.output.name,
              shape: [rows, card.output.shape[1]],
              datatype: card.output.datatype,
              data: Array.from(scores),
            },
          ],
        };
      }),

    predict: (model, body) =>
      counted(model, async () => {
        const started = performance.now();
        const { card, digest } = model;
        const { instances, atMs } = parsePredictRequest(body, card, maxRows, now());
        const predictionId = randomUUID();
        const rows = instances.length;
        const { gaps, scores } = await admission.admit(rows, async () => {
          const found = await lookUp(model, toLookups(instances, card), atMs);
          const assembled = assemble(instances, card, found);
          return { ...assembled, scores: await score(model, predictionId, assembled.batch, rows, started) };
        });
        return {
          model_name: card.name,
          model_version: modelVersion(digest),
          prediction_id: predictionId,
          ...((card.task ?? BINARY).kind === "binary" ? { threshold: card.threshold } : {}),
          predictions: gaps.map((gap, row) => ({ ...predictionAnswer(card, scores, row), ...gap })),
        };
      }),
  };
}

const micros = (from: number, to: number): number => Math.round((to - from) * 1000);
