import { InferenceSession, Tensor } from "onnxruntime-node";
import { BadInput } from "../../errors.ts";
import { ONNX_INPUT } from "../model-signature.ts";

export interface OnnxResult {
  type: string;
  dims: readonly number[];
  values: Float64Array;
}

/** Runs a model of one output on rows of `width` float32 values. Throws BadInput, in the words of its exporter's user, if onnxruntime cannot. */
export async function runOnnx(onnx: Uint8Array, rows: Float32Array, width: number): Promise<OnnxResult> {
  const session = await InferenceSession.create(onnx, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  }).catch((error: unknown) => {
    throw new BadInput(describeLoadError(String(error)), { cause: error });
  });
  try {
    const [name = ""] = session.outputNames;
    const tensor = new Tensor("float32", rows, [rows.length / width, width]);
    const { [name]: output } = await session
      .run({ [ONNX_INPUT]: tensor }, { logSeverityLevel: 4 })
      .catch((error: unknown) => {
        throw new BadInput(
          `must score ${rows.length / width} rows, got an error of onnxruntime: ${shortened(String(error))}; export the model with a batch of any size (dynamic_axes)`,
        );
      });
    const { type, dims, data } = output!;
    if (type === "string")
      throw new BadInput("output must hold numbers, got text; export the model with probabilities");
    return { type, dims, values: Float64Array.from(data as ArrayLike<number | bigint>, Number) };
  } finally {
    await session.release();
  }
}

function describeLoadError(text: string): string {
  const opset =
    /Opset (\d+) is under development.*Current official support for domain (\S+) is till opset (\d+)/s.exec(
      text,
    );
  if (opset !== null) {
    const [, got, domain, most] = opset;
    return `opset of ${domain} must be at most ${most} for onnxruntime, got ${got}; export it again with target_opset (opset_version) ${most}`;
  }
  const version = /IR version: (\d+), max supported IR version: (\d+)/.exec(text);
  if (version !== null)
    return `ir_version must be at most ${version[2]} for onnxruntime, got ${version[1]}; export it again with an older onnx`;
  const unknown = /:(\S+?)\(-?\d+\) is not a registered function\/op/.exec(text);
  if (unknown !== null)
    return `operators must be known to onnxruntime, got ${unknown[1]}; export it again with operators of ONNX`;
  return `must be a model that onnxruntime loads, got: ${shortened(text)}`;
}

function shortened(text: string): string {
  return text
    .replace(/^(Error: )+/, "")
    .replaceAll(/\s+/g, " ")
    .slice(0, 300);
}
