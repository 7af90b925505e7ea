import { outputsOf, type LearntTask } from "../contract/task.ts";
import { BadInput } from "../errors.ts";
import {
  ELEMENT,
  graphNode,
  int64Constant,
  renameTensor,
  type GraphFile,
  type GraphNode,
  type GraphValue,
} from "./graph-file.ts";
import { outputName } from "./model-signature.ts";

/** Names of the scores where a program writes other outputs beside them, such as the label of the likeliest class. */
const USUAL = ["probabilities", "output_probability", "probability", "prediction", "variable"];
/** Name of the tensor of scores between the two steps. */
const RAW = "slipway_scores";

/**
 * Leaves a graph one output: its scores as they are, float32. Other outputs, such as the label of the likeliest class, are dropped; a
 * dictionary of class and probability becomes the tensor that it was made from. Throws BadInput where it is not clear which output has
 * the scores.
 */
export function chooseOutput(file: GraphFile, task: LearntTask): GraphFile {
  const scores = file.outputs.flatMap((value) => {
    const dictionary = file.nodes.find(
      ({ opType, outputs }) => opType === "ZipMap" && outputs[0] === value.name,
    );
    if (dictionary !== undefined)
      return [{ ...value, tensor: zippedTensor(dictionary, task), element: ELEMENT.float }];
    return value.element === ELEMENT.float || value.element === ELEMENT.double
      ? [{ ...value, tensor: value.name }]
      : [];
  });
  const named = scores.filter(({ name }) => name === outputName(task) || USUAL.includes(name));
  const chosen = scores.length === 1 ? scores[0] : named.length === 1 ? named[0] : undefined;
  if (chosen === undefined)
    throw new BadInput(
      `model.onnx: must have one output of floats with the scores, or one named ${outputName(task)}; ` +
        `its outputs are ${file.outputs.map(({ name }) => name).join(", ") || "none"}; remove the others before the export`,
    );
  const dropped = new Set(file.nodes.filter(({ opType }) => opType === "ZipMap"));
  const nodes = file.nodes.filter((node) => !dropped.has(node));
  const to = graphNode(
    chosen.element === ELEMENT.double
      ? { opType: "Cast", inputs: [chosen.tensor], outputs: [RAW], attributes: { to: ELEMENT.float } }
      : { opType: "Identity", inputs: [chosen.tensor], outputs: [RAW] },
  );
  return {
    ...file,
    nodes: [...nodes, to],
    outputs: [{ name: RAW, element: ELEMENT.float, shape: undefined }],
  };
}

/** Returns the tensor of which a dictionary is made. Throws unless its classes are those of the labels, in their order. */
function zippedTensor({ inputs, attributes = {} }: GraphNode, task: LearntTask): string {
  const keys = [attributes["classlabels_int64s"], attributes["classlabels_strings"]].find(
    (list) => Array.isArray(list) && list.length > 0,
  ) as readonly (number | string)[] | undefined;
  const count = task.kind === "binary" ? 2 : outputsOf(task);
  const codes = Array.from({ length: count }, (_, code) => code);
  const classes = task.kind === "multiclass" ? task.classes : [];
  if (keys !== undefined && ![codes, classes].some((expected) => String(keys) === String(expected)))
    throw new BadInput(
      `model.onnx: its classes must be ${codes.join(", ")}, the labels in their order, got ${keys.join(", ")}`,
    );
  return inputs[0]!;
}

/**
 * Gives the graph of `chooseOutput` the output that the task needs, float32 [rows, outputs].
 *
 * @param sizes - the sizes that the tensor of scores had for `rows` rows
 */
export function shapeOutput(
  file: GraphFile,
  task: LearntTask,
  sizes: readonly number[],
  rows: number,
): GraphFile {
  const name = outputName(task);
  const outputs = outputsOf(task);
  const output: GraphValue = { name, element: ELEMENT.float, shape: [undefined, outputs] };
  const [count, width = 1] = sizes;
  const isWide = sizes.length === 2 && width === outputs;
  const isFlat = sizes.length === 1 && outputs === 1;
  const isBoth = task.kind === "binary" && sizes.length === 2 && width === 2;
  if (count !== rows || !(isWide || isFlat || isBoth))
    throw new BadInput(
      `model.onnx: must give ${outputs} ${outputs === 1 ? "number" : "numbers"} for each row` +
        `${task.kind === "binary" ? ", or the probabilities of both classes" : ""}, [${rows}, ${outputs}] for ${rows} rows, ` +
        `got [${sizes.join(", ")}]${task.kind === "multiclass" ? `; its classes are ${task.classes.join(", ")}` : ""}`,
    );
  const shape = int64Constant("slipway_shape", [-1, 1]);
  const positive = int64Constant("slipway_positive", [1]);
  const [node, constants] = isWide
    ? [graphNode({ opType: "Identity", inputs: [RAW], outputs: [name] }), []]
    : isFlat
      ? [graphNode({ opType: "Reshape", inputs: [RAW, shape.name], outputs: [name] }), [shape]]
      : [
          graphNode({
            opType: "Gather",
            inputs: [RAW, positive.name],
            outputs: [name],
            attributes: { axis: 1 },
          }),
          [positive],
        ];
  const nodes = renameTensor(file.nodes, name, `${name}_inner`);
  return {
    ...file,
    nodes: [...nodes, node],
    constants: [...file.constants, ...constants],
    outputs: [output],
  };
}
