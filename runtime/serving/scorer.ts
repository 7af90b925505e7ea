import ort from "onnxruntime-node";
import type { ModelCard } from "../contract/model-card.ts";
import { Corrupt } from "../errors.ts";

/** Scores rows with a model. A batching scorer could have the same interface and wrap another one. */
export interface Scorer {
  /**
   * Scores `batch`: `rows` rows, row-major, with one float32 per feature of the model; missing = NaN.
   * Returns the scores of each row, row-major, as many as the card's output has columns.
   */
  score(batch: Float32Array, rows: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface ScorerOptions {
  /**
   * Threads of one run. A run blocks the event loop with any number of threads, and most requests have few rows: more threads help
   * only for large batches.
   * @default 1
   */
  threads?: number;
}

/** Loads an ONNX file. It must have exactly the input and the output of the card. */
export async function loadScorer(
  path: string,
  card: ModelCard,
  options: ScorerOptions = {},
): Promise<Scorer> {
  const session = await ort.InferenceSession.create(path, {
    intraOpNumThreads: options.threads ?? 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
  }).catch((cause: unknown) => {
    throw new Corrupt(`${card.name}: model.onnx must be a model that onnxruntime loads; package it again`, {
      cause,
    });
  });
  only(card.name, "input", session.inputNames, card.input.name);
  only(card.name, "output", session.outputNames, card.output.name);
  const width = card.features.length;
  return {
    async score(batch, rows) {
      if (batch.length !== rows * width)
        throw new Error(`${card.name}: batch must hold ${rows} rows of ${width} values, got ${batch.length}`);
      const input = new ort.Tensor("float32", batch, [rows, width]);
      const scores = (await session.run({ [card.input.name]: input }))[card.output.name]?.data;
      if (!(scores instanceof Float32Array) || scores.length !== rows * card.output.shape[1])
        throw new Corrupt(
          `${card.name}: model.onnx must return ${rows} rows of ${card.output.shape[1]} float32 scores; package it again`,
        );
      return scores;
    },
    close: () => session.release(),
  };
}

function only(model: string, what: string, names: readonly string[], expected: string): void {
  if (names.length !== 1 || names[0] !== expected)
    throw new Corrupt(
      `${model}: model.onnx must have the one ${what} ${expected} of its card, got ${names.join(", ")}; package it again`,
    );
}
