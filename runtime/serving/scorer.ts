import ort from "onnxruntime-node";
import type { ModelCard } from "../contract/model-card.ts";
import { Corrupt } from "../errors.ts";

/** What answers for a model. A batching scorer has the same shape, and can stand before another one. */
export interface Scorer {
  /**
   * `batch` holds `rows` rows of as many float32 as the model has features, one after the other; missing = NaN.
   * Returns one probability, in [0, 1], per row.
   */
  score(batch: Float32Array, rows: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface ScorerOptions {
  /**
   * Threads that share one run. A run blocks the event loop whatever this is, and rows of a request are few: more
   * threads pay for large batches only.
   * @default 1
   */
  threads?: number;
}

/** Loads an ONNX file that must have the one input and the one output that the card states. */
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
      if (!(scores instanceof Float32Array) || scores.length !== rows)
        throw new Corrupt(`${card.name}: model.onnx must return ${rows} float32 scores; package it again`);
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
