import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { LATENCY_BUCKETS_SECONDS } from "../contract/latency-buckets.ts";
import { METRIC } from "../contract/metric.ts";
import { modelVersion } from "./model-repository.ts";
import type { ServedModel } from "./model-repository.ts";
import type { LookupStatus } from "../features/online-store.ts";

export interface RequestLabels {
  method: string;
  /** The route, never the URL: one time series per route. */
  path: string;
  status_code: number;
}

/** Metrics of a server, with the names of the contract. */
export interface ServingMetrics {
  readonly registry: Registry;
  requestStarted(): void;
  requestEnded(labels: RequestLabels, seconds: number): void;
  served(model: ServedModel): void;
  inferenceSucceeded(model: ServedModel, rows: number, requestUs: number, computeUs: number): void;
  /** Counts failures of the server. Faults of callers are counted only by status code. */
  inferenceFailed(model: ServedModel): void;
  featureLookup(view: string, status: LookupStatus | "error", count: number): void;
  logged(model: string, count: number): void;
  lost(model: string, count: number): void;
}

export function servingMetrics(): ServingMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers });
  const byModel = ["model", "version"] as const;
  const success = counter(METRIC.inferenceRequestSuccess, "Inference requests answered", byModel);
  const failure = counter(
    METRIC.inferenceRequestFailure,
    "Inference requests that the server failed",
    byModel,
  );
  const rowsScored = counter(METRIC.inferenceCount, "Rows scored", byModel);
  const executions = counter(METRIC.inferenceExecCount, "Model executions", byModel);
  const requestUs = counter(METRIC.inferenceRequestDurationUs, "Microseconds in answered requests", byModel);
  const computeUs = counter(METRIC.inferenceComputeInferDurationUs, "Microseconds in the model", byModel);
  const byRequest = ["method", "path", "status_code"] as const;
  const requests = counter(METRIC.restServerRequests, "HTTP requests", byRequest);
  const durations = new Histogram({
    name: METRIC.restServerRequestDuration,
    help: "Seconds per HTTP request",
    labelNames: byRequest,
    buckets: LATENCY_BUCKETS_SECONDS,
    registers,
  });
  const inProgress = new Gauge({
    name: METRIC.restServerRequestsInProgress,
    help: "HTTP requests being answered",
    registers,
  });
  const info = new Gauge({
    name: METRIC.modelInfo,
    help: "Model served",
    labelNames: ["model", "version", "digest"],
    registers,
  });
  const lookups = counter(METRIC.featureLookups, "Feature lookups", ["view", "status"]);
  const logged = counter(METRIC.predictionsLogged, "Predictions logged", ["model"]);
  const lost = counter(METRIC.predictionsLost, "Predictions that could not be logged", ["model"]);
  const labels = ({ card, digest }: ServedModel): { model: string; version: string } => ({
    model: card.name,
    version: modelVersion(digest),
  });

  return {
    registry,
    requestStarted: () => inProgress.inc(),
    requestEnded(request, seconds) {
      inProgress.dec();
      requests.inc(request);
      durations.observe(request, seconds);
    },
    served(model) {
      const modelLabels = labels(model);
      info.set({ ...modelLabels, digest: model.digest }, 1);
      // Starts all series at zero: a ratio over a missing series has no value.
      for (const each of [success, failure, rowsScored, executions, requestUs, computeUs])
        each.inc(modelLabels, 0);
      for (const each of [logged, lost]) each.inc({ model: modelLabels.model }, 0);
    },
    inferenceSucceeded(model, rows, requestMicros, computeMicros) {
      const modelLabels = labels(model);
      success.inc(modelLabels);
      rowsScored.inc(modelLabels, rows);
      executions.inc(modelLabels);
      requestUs.inc(modelLabels, requestMicros);
      computeUs.inc(modelLabels, computeMicros);
    },
    inferenceFailed: (model) => failure.inc(labels(model)),
    featureLookup: (view, status, count) => lookups.inc({ view, status }, count),
    logged: (model, count) => logged.inc({ model }, count),
    lost: (model, count) => lost.inc({ model }, count),
  };
}
