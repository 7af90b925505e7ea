import type { LightGbmModel } from "./lightgbm-model.ts";
import { ONNX_INPUT, ONNX_OUTPUT } from "../../onnx/model-signature.ts";
import { encodeOnnx } from "../../onnx/onnx-proto.ts";
import { toTreeEnsemble } from "./tree-ensemble.ts";

/**
 * Returns an ONNX model with the probability of a LightGBM binary classifier: float32 [N, features], missing = NaN, to float32
 * [N, 1]. It has one TreeEnsembleRegressor, the sum of its leaves, then the logistic function.
 */
export function toOnnx(name: string, model: LightGbmModel): Uint8Array {
  const { nodes_modes, nodes_values, target_weights, ...ints } = toTreeEnsemble(model);
  return encodeOnnx({
    name,
    input: { name: ONNX_INPUT, columns: model.features.length },
    output: { name: ONNX_OUTPUT, columns: 1 },
    opsets: { "": 17, "ai.onnx.ml": 3 },
    nodes: [
      {
        domain: "ai.onnx.ml",
        opType: "TreeEnsembleRegressor",
        input: ONNX_INPUT,
        output: "raw_score",
        attributes: {
          n_targets: { i: 1 },
          aggregate_function: { s: "SUM" },
          post_transform: { s: "NONE" },
          nodes_modes: { strings: nodes_modes },
          nodes_values: { floats: nodes_values },
          target_weights: { floats: target_weights },
          ...Object.fromEntries(Object.entries(ints).map(([key, values]) => [key, { ints: values }])),
        },
      },
      // A separate node, because onnxruntime ignores the ensemble's own LOGISTIC if there is one target.
      { domain: "", opType: "Sigmoid", input: "raw_score", output: ONNX_OUTPUT, attributes: {} },
    ],
  });
}
