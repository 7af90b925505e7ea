import type { LightGbmModel, Transform } from "./lightgbm-model.ts";
import { ONNX_INPUT, ONNX_OUTPUTS } from "../../onnx/model-signature.ts";
import { encodeOnnx, type OnnxNode } from "../../onnx/onnx-proto.ts";
import { toTreeEnsemble } from "./tree-ensemble.ts";

const RAW = "raw_score";

/** Transform → the node that makes scores of raw scores. */
const NODES: Readonly<Record<Transform, Pick<OnnxNode, "opType" | "attributes">>> = {
  // Separate nodes, because onnxruntime ignores the ensemble's own LOGISTIC if there is one target.
  sigmoid: { opType: "Sigmoid", attributes: {} },
  softmax: { opType: "Softmax", attributes: { axis: { i: 1 } } },
  exp: { opType: "Exp", attributes: {} },
  identity: { opType: "Identity", attributes: {} },
};

/**
 * Returns an ONNX model with the scores of a LightGBM model: float32 [N, features], missing = NaN, to float32 [N, outputs]. It has one
 * TreeEnsembleRegressor, the sums of its leaves, then the function of the objective.
 */
export function toOnnx(name: string, model: LightGbmModel): Uint8Array {
  const { nodes_modes, nodes_values, target_weights, ...ints } = toTreeEnsemble(model);
  const output =
    ONNX_OUTPUTS[model.outputs > 1 ? "classes" : model.transform === "sigmoid" ? "binary" : "number"];
  return encodeOnnx({
    name,
    input: { name: ONNX_INPUT, columns: model.features.length },
    output: { name: output, columns: model.outputs },
    opsets: { "": 17, "ai.onnx.ml": 3 },
    nodes: [
      {
        domain: "ai.onnx.ml",
        opType: "TreeEnsembleRegressor",
        input: ONNX_INPUT,
        output: RAW,
        attributes: {
          n_targets: { i: model.outputs },
          aggregate_function: { s: "SUM" },
          post_transform: { s: "NONE" },
          nodes_modes: { strings: nodes_modes },
          nodes_values: { floats: nodes_values },
          target_weights: { floats: target_weights },
          ...Object.fromEntries(Object.entries(ints).map(([key, values]) => [key, { ints: values }])),
        },
      },
      { domain: "", ...NODES[model.transform], input: RAW, output },
    ],
  });
}
