import type { LightGbmDefinition } from "../contract/trainers/lightgbm.ts";
import type { Matrix } from "../features/matrix.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";

export interface TrainerInput {
  /** Labelled rows and the description of their columns. */
  rows: FeatureRows;
  params: LightGbmDefinition;
  threads: number;
  /** Aborts the training within some hundred milliseconds. */
  signal: AbortSignal;
  onProgress?: (done: number, of: number) => void;
}

export interface TrainedModel {
  /** The model, with the input and output of `onnx/model-signature.ts`. The same rows and parameters give the same bytes. */
  onnx: Uint8Array;
  /** The model in the trainer's own format, kept beside `model.onnx` for people and tools. */
  native: { file: string; content: string };
  /** Every parameter that determines the model, with the trainer's own names. */
  params: Record<string, string | number | boolean>;
  /** Scores rows with the trainer's library; the scores of `onnx` are compared with these. */
  score(features: Matrix): ArrayLike<number>;
}

/** Trains a model from rows and parameters. All later steps use only `model.onnx`, with any trainer. */
export interface Trainer {
  name: string;
  /** Version of the library; it is one of the things that determine the model. */
  version: string;
  train(input: TrainerInput): Promise<TrainedModel>;
}
