/** Name of the only input of every model: float32 [rows, features], missing = NaN. */
export const ONNX_INPUT = "features";
/** Name of the only output of every model: float32 [rows, 1], the probability of label 1. */
export const ONNX_OUTPUT = "probability";
