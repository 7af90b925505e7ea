import {
  ELEMENT,
  graphNode,
  writeGraphFile,
  type GraphFile,
  type GraphNode,
  type GraphValue,
} from "../../../runtime/onnx/graph-file.ts";

/** Returns the bytes of an ONNX file as some exporter might write it. */
export function onnxFile(
  nodes: readonly GraphNode[],
  { inputs, outputs, opsets = { "": 13, "ai.onnx.ml": 2 }, constants = [] }: GraphParts,
): Uint8Array {
  return writeGraphFile({
    nodes: nodes.map(graphNode),
    inputs,
    outputs,
    constants,
    opsets,
    // ir_version 8 of the model, name "g" of the graph
    rest: {
      model: [{ number: 1, bytes: Buffer.from([0x08, 0x08]) }],
      graph: [{ number: 2, bytes: Buffer.from([0x12, 0x01, 0x67]) }],
    },
  });
}

interface GraphParts {
  inputs: GraphValue[];
  outputs: GraphValue[];
  opsets?: Record<string, number>;
  constants?: GraphFile["constants"];
}

export const float = (name: string, ...shape: (number | undefined)[]): GraphValue => ({
  name,
  element: ELEMENT.float,
  shape,
});
