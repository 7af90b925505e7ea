import { availableParallelism } from "node:os";
import type { Evaluation } from "../../runtime/contract/evaluation.ts";
import type { FeatureTableManifest } from "../../runtime/contract/feature.ts";
import type { ModelDefinition } from "../../runtime/contract/model-definition.ts";
import { stepDefinition, type PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import { BINARY, outputsOf, type LearntTask } from "../../runtime/contract/task.ts";
import { metricNames } from "../../runtime/contract/task-metrics.ts";
import { constantScores } from "../../runtime/evaluation/baselines.ts";
import { evaluate } from "../../runtime/evaluation/evaluate.ts";
import { taskMetrics } from "../../runtime/evaluation/task-metrics.ts";
import { toMatrix } from "../../runtime/features/matrix.ts";
import type { FeatureRows } from "../../runtime/features/read-feature-table.ts";
import { scoreOnnx } from "../../runtime/onnx/score-onnx.ts";
import { predictionAnswer, type PredictionAnswer } from "../../runtime/serving/prediction-answer.ts";
import { lightGbmTrainer } from "../../runtime/training/lightgbm/lightgbm-trainer.ts";

/** Trees of a trial at most. */
const MOST_TREES = 40;
const SHOWN_ROWS = 3;
/** A trial judges no artifact. */
const NOBODY = { candidate: "", features: "" };

/** The request for a row, the answer of a server, and the outcome. */
export interface TriedPrediction {
  features: Record<string, number | string | null>;
  answer: PredictionAnswer;
  outcome: string;
}

export interface TriedModel {
  name: string;
  task: LearntTask;
  features: number;
  rows: { train: number; test: number };
  /** Trees of the small model; undefined if the trainer needs a container, and nothing was trained. */
  trees: number | undefined;
  /** Kind of the trainer. */
  trainer: string;
  /** Each metric of the model, and of answering the same for every row. */
  metrics: { name: string; model: number | null; prior: number | null }[];
  /** @default - nothing was trained */
  gate?: Evaluation["gate"];
  predictions: TriedPrediction[];
}

interface Rows {
  /** Path of lib_lightgbm.so. */
  library: string;
  train: FeatureRows;
  test: FeatureRows;
  manifest: FeatureTableManifest;
}

/** Trains a small model on labelled rows, and scores it on test rows as the jobs do, beside a model without features. */
export async function scoreCandidate(
  workload: PinnedWorkload,
  model: ModelDefinition,
  { library, train, test, manifest }: Rows,
): Promise<TriedModel> {
  const { task = BINARY } = manifest;
  const ofPrior = priorMetrics(task, train, test);
  const common = {
    name: model.name,
    task,
    features: manifest.features.length,
    rows: { train: train.rows, test: test.rows },
    trainer: model.trainer.kind,
  };
  const names = metricNames(task.kind);
  if (model.trainer.kind !== "lightgbm")
    return {
      ...common,
      trees: undefined,
      metrics: names.map((name) => ({ name, model: null, prior: ofPrior[name] ?? null })),
      predictions: [],
    };
  const threads = availableParallelism();
  const params = { ...model.trainer, trees: Math.min(model.trainer.trees, MOST_TREES) };
  const signal = new AbortController().signal;
  const { onnx } = await lightGbmTrainer(library).train({ rows: train, params, threads, signal });
  const scores = await scoreOnnx(onnx, toMatrix(test), threads);
  const evaluation = evaluate(stepDefinition("evaluate", workload, model.name), test, scores, NOBODY, {
    train,
  });
  const threshold =
    evaluation.threshold?.value ?? (typeof model.threshold === "number" ? model.threshold : 0.5);
  return {
    ...common,
    trees: params.trees,
    metrics: names.map((name) => ({
      name,
      model: evaluation.metrics[name] ?? null,
      prior: ofPrior[name] ?? null,
    })),
    gate: evaluation.gate,
    predictions: Array.from({ length: Math.min(SHOWN_ROWS, test.rows) }, (_, i) => {
      const row = test.rows - 1 - i;
      return {
        features: requestOf(test, row),
        answer: predictionAnswer({ task, threshold }, scores, row),
        outcome: outcomeOf(task, test.labels[row]!),
      };
    }),
  };
}

/** Returns the metrics of the scores that are the same for every row. */
function priorMetrics(
  task: LearntTask,
  { labels }: Pick<FeatureRows, "labels">,
  test: FeatureRows,
): Evaluation["metrics"] {
  const { constant } = constantScores(task, labels);
  const scores = Float64Array.from(
    { length: test.rows * outputsOf(task) },
    (_, i) => constant[i % constant.length]!,
  );
  return taskMetrics(task, { labels: test.labels, groups: test.groups, scores }, 0.5);
}

/** Returns the features of a row that a caller sends, as a request has them. */
function requestOf({ manifest, values }: FeatureRows, row: number): TriedPrediction["features"] {
  const { features } = manifest;
  return Object.fromEntries(
    features.flatMap(({ name, view, categories }, column) => {
      if (view !== "request") return [];
      const value = values[row * features.length + column]!;
      if (Number.isNaN(value)) return [[name, null]];
      return [[name, categories === undefined ? Number(value.toPrecision(7)) : (categories[value] ?? null)]];
    }),
  );
}

function outcomeOf(task: LearntTask, label: number): string {
  if (task.kind === "binary") return label === 1 ? "yes" : "no";
  if (task.kind === "multiclass") return task.classes[label] ?? "";
  const unit = task.kind === "regression" && task.unit !== undefined ? ` ${task.unit}` : "";
  return `${Number(label.toPrecision(7))}${unit}`;
}
