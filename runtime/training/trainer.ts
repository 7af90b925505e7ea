import type { TrainerParams } from "../contract/workload.ts";
import type { Matrix } from "../features/matrix.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";

export interface TrainerInput {
  /** Labelled rows, and what their columns are. */
  rows: FeatureRows;
  params: TrainerParams;
  threads: number;
  /** Ends the training, at the latest after some hundred milliseconds. */
  signal: AbortSignal;
  onProgress?: (done: number, of: number) => void;
}

export interface TrainedModel {
  /** Input and output as in `onnx/model-signature.ts`. The same rows and parameters give the same bytes. */
  onnx: Uint8Array;
  /** The trainer's own form of the model, kept beside `model.onnx` for people and tools. */
  native: { file: string; content: string };
  /** Every parameter that decides the model, in the trainer's own words. */
  params: Record<string, string | number | boolean>;
  /** Scores rows as the trainer's library does: what `onnx` is held against. */
  score(features: Matrix): ArrayLike<number>;
}

/** Makes a model of rows and parameters. What comes after training knows `model.onnx` alone, whoever trained it. */
export interface Trainer {
  name: string;
  /** Of the library; part of what decides a model. */
  version: string;
  train(input: TrainerInput): Promise<TrainedModel>;
}
