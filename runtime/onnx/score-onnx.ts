import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Matrix } from "../features/matrix.ts";
import { ONNX_INPUT, ONNX_OUTPUT } from "./model-signature.ts";

const BATCH_ROWS = 8192;

/** Scores rows with an ONNX model in onnxruntime, the library that serves it. */
export async function scoreOnnx(onnx: Uint8Array, features: Matrix, threads: number): Promise<Float32Array> {
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  try {
    const scores = new Float32Array(features.rows);
    for (let start = 0; start < features.rows; start += BATCH_ROWS) {
      const rows = Math.min(BATCH_ROWS, features.rows - start);
      const values = features.values.subarray(start * features.columns, (start + rows) * features.columns);
      const tensor = new Tensor("float32", values, [rows, features.columns]);
      const { [ONNX_OUTPUT]: output } = await session.run({ [ONNX_INPUT]: tensor });
      scores.set(output!.data as Float32Array, start);
    }
    return scores;
  } finally {
    await session.release();
  }
}
