import type { Feature } from "../contract/feature.ts";
import { BadInput } from "../errors.ts";
import {
  ELEMENT,
  graphNode,
  int64Constant,
  renameTensor,
  type GraphFile,
  type GraphValue,
} from "./graph-file.ts";
import { ONNX_INPUT } from "./model-signature.ts";

export type InputFeature = Pick<Feature, "name" | "kind" | "categories">;
/** Name that a tensor of the graph gets if it has that of the input. */
const INNER = `${ONNX_INPUT}_inner`;
const ML = "ai.onnx.ml";
/** Version of ai.onnx.ml from which a LabelEncoder lists keys and values; before, the codes are the places in one list. */
const KEYED_LABEL_ENCODER = 2;

/**
 * Gives a graph the one input `features`, float32 [rows, features]. It may have one input with a column for each feature, float32 or
 * float64; or one input for each feature, by its name, as scikit-learn's converter gives for columns with names: numbers, or texts for
 * the categories. Throws BadInput for others.
 */
export function adaptInput(file: GraphFile, features: readonly InputFeature[]): GraphFile {
  const { inputs } = file;
  const input = { name: ONNX_INPUT, element: ELEMENT.float, shape: [undefined, features.length] };
  for (const { name, shape } of inputs)
    if (shape?.[0] !== undefined)
      throw new BadInput(
        `model.onnx: its input ${name} must take any number of rows, takes ${shape[0]}; export it with a first dimension ` +
          "that is not fixed (PyTorch: dynamic_axes; TensorFlow: a TensorSpec with None; scikit-learn: FloatTensorType([None, …]))",
      );
  const [only] = inputs;
  const known = new Set(features.map(({ name }) => name));
  if (inputs.length === 1 && !(known.has(only!.name) && only!.shape?.[1] === 1 && features.length > 1)) {
    checkWidth(only!, features.length);
    if (only!.name === ONNX_INPUT && only!.element === ELEMENT.float) return { ...file, inputs: [input] };
    const inner = only!.name === ONNX_INPUT ? INNER : only!.name;
    return withNodes(file, input, [convert(ONNX_INPUT, inner, only!)]);
  }
  const strangers = inputs.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (inputs.length === 0 || strangers.length > 0)
    throw new BadInput(
      `model.onnx: must have one input, float32 [rows, ${features.length}], or one for each feature by its name, ` +
        `got ${inputs.map(({ name }) => name).join(", ") || "none"}${strangers.length > 0 ? ` (no such feature: ${strangers.join(", ")})` : ""}`,
    );
  return inputs.reduce((adapted, value) => column(adapted, value, features), withNodes(file, input, []));
}

function checkWidth({ name, element, shape }: GraphValue, columns: number): void {
  const width = shape?.[1];
  if (shape !== undefined && (shape.length !== 2 || (width !== undefined && width !== columns)))
    throw new BadInput(
      `model.onnx: its input ${name} must have the ${columns} columns of features.json, has ` +
        `${shape.length === 2 ? width : `${shape.length} dimensions`}; train on all columns, in their order`,
    );
  if (element !== ELEMENT.float && element !== ELEMENT.double)
    throw new BadInput(
      `model.onnx: its input ${name} must be float32 or float64, has type ${element ?? "of no tensor"} of ONNX; export it with floats`,
    );
}

/** Adds the nodes that make the input of one feature from its column. */
function column(file: GraphFile, value: GraphValue, features: readonly InputFeature[]): GraphFile {
  const { name, element, shape } = value;
  const target = name === ONNX_INPUT ? INNER : name;
  const index = features.findIndex((feature) => feature.name === name);
  const { kind, categories = [] } = features[index]!;
  const at = int64Constant(`slipway_column_${index}`, [index], { scalar: shape?.length === 1 });
  const gather = (output: string): GraphFile["nodes"][number] =>
    graphNode({
      opType: "Gather",
      inputs: [ONNX_INPUT, at.name],
      outputs: [output],
      attributes: { axis: 1 },
    });
  const constants = [...file.constants, at];
  const add = (...nodes: GraphFile["nodes"]): GraphFile => ({
    ...file,
    constants,
    nodes: [...nodes, ...file.nodes],
  });
  if (element === ELEMENT.float) return add(gather(target));
  const raw = `slipway_${name}_number`;
  if (element === ELEMENT.double || element === ELEMENT.int64 || element === ELEMENT.int32)
    return add(gather(raw), convert(raw, target, value));
  if (element !== ELEMENT.string || kind !== "categorical")
    throw new BadInput(
      `model.onnx: its input ${name} must have numbers${kind === "categorical" ? " or texts" : ""}, has type ${element ?? "of no tensor"} of ONNX`,
    );
  const code = `slipway_${name}_code`;
  const version = file.opsets[ML] ?? KEYED_LABEL_ENCODER;
  const toText = graphNode({
    opType: "LabelEncoder",
    domain: ML,
    inputs: [code],
    outputs: [target],
    // A missing value becomes the empty text.
    attributes:
      version < KEYED_LABEL_ENCODER
        ? { classes_strings: categories, default_string: "" }
        : { keys_int64s: categories.map((_, i) => i), values_strings: categories, default_string: "" },
  });
  const toCode = convert(raw, code, { ...value, element: ELEMENT.int64 });
  return { ...add(gather(raw), toCode, toText), opsets: { ...file.opsets, [ML]: version } };
}

function convert(
  from: string,
  to: string,
  { element = ELEMENT.float }: GraphValue,
): GraphFile["nodes"][number] {
  return element === ELEMENT.float
    ? graphNode({ opType: "Identity", inputs: [from], outputs: [to] })
    : graphNode({ opType: "Cast", inputs: [from], outputs: [to], attributes: { to: element } });
}

function withNodes(file: GraphFile, input: GraphValue, nodes: GraphFile["nodes"]): GraphFile {
  return { ...file, inputs: [input], nodes: [...nodes, ...renameTensor(file.nodes, ONNX_INPUT, INNER)] };
}
