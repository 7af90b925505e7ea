import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Matrix } from "../features/matrix.ts";
import { ONNX_INPUT } from "./model-signature.ts";

const BATCH_ROWS = 8192;

/** Returns the scores of rows, row-major, with an ONNX model in onnxruntime, the library that serves it. */
export async function scoreOnnx(onnx: Uint8Array, features: Matrix, threads: number): Promise<Float32Array> {
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  try {
    const [name] = session.outputNames;
    const scores: Float32Array[] = [];
    for (let start = 0; start < features.rows; start += BATCH_ROWS) {
      const rows = Math.min(BATCH_ROWS, features.rows - start);
      const values = features.values.subarray(start * features.columns, (start + rows) * features.columns);
      const tensor = new Tensor("float32", values, [rows, features.columns]);
      const { [name!]: output } = await session.run({ [ONNX_INPUT]: tensor });
      scores.push(output!.data as Float32Array);
    }
    return concatenated(scores);
  } finally {
    await session.release();
  }
}

/** Returns the sizes of the only output of an ONNX model for some rows. */
export async function outputSizes(
  onnx: Uint8Array,
  { values, rows, columns }: Matrix,
): Promise<readonly number[]> {
  const session = await InferenceSession.create(onnx, { logSeverityLevel: 4 }); // the error says it all
  try {
    const [name] = session.outputNames;
    const result = await session.run({ [ONNX_INPUT]: new Tensor("float32", values, [rows, columns]) });
    return result[name!]!.dims;
  } finally {
    await session.release();
  }
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
