import { ATTRIBUTE, GRAPH, MODEL, NODE, type OnnxFile, type OnnxFileNode } from "./onnx-file.ts";
import { bytesField, packedField, splitFields, textOf, varintField, type WireField } from "./wire-format.ts";

/** Changes of a graph. Everything else of the file stays as it is. */
export interface GraphEdit {
  /** Replace the inputs and the outputs of the graph. */
  inputs: readonly Uint8Array[];
  outputs: readonly Uint8Array[];
  /** Nodes to run before and after those of the file. */
  before: readonly Uint8Array[];
  after: readonly Uint8Array[];
  /** Value → its new name, in every node of the file. */
  renames: ReadonlyMap<string, string>;
  without?: readonly OnnxFileNode[];
}

/** Types of tensors that new nodes and values have. */
export const ELEMENT = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10, float64: 11 } as const;

const TENSOR_NAME = 8;
const ATTRIBUTE_TYPE = { int: 2, text: 3, tensor: 4, ints: 7, texts: 8 } as const;
/** Opset of ONNX's own operators for a file whose operators are all of other domains. */
const OWN_OPSET = 13;

/** Returns the bytes of a file with a changed graph. The same file and changes give the same bytes. */
export function editedOnnx({ fields, graphFields, nodes, opsets }: OnnxFile, edit: GraphEdit): Uint8Array {
  const { renames, without = [] } = edit;
  const kept = nodes.filter((node) => !without.includes(node));
  const graph = Buffer.concat([
    ...[...edit.before, ...kept.map((node) => renamedNode(node.fields, renames)), ...edit.after].map((node) =>
      bytesField(GRAPH.node, node),
    ),
    ...graphFields.flatMap((field) => {
      // Shapes of values inside the graph are hints, and may name the old number of rows.
      if (([GRAPH.node, GRAPH.input, GRAPH.output, GRAPH.valueInfo] as number[]).includes(field.number))
        return [];
      return field.number === GRAPH.initializer ? renamedTensor(field, renames) : field.raw;
    }),
    ...edit.inputs.map((value) => bytesField(GRAPH.input, value)),
    ...edit.outputs.map((value) => bytesField(GRAPH.output, value)),
  ]);
  return Buffer.concat([
    ...fields.map((field) => (field.number === MODEL.graph ? bytesField(MODEL.graph, graph) : field.raw)),
    ...(opsets.has("")
      ? []
      : [bytesField(MODEL.opset, Buffer.concat([bytesField(1, ""), varintField(2, OWN_OPSET)]))]),
  ]);
}

/** Renames values in a node and in the graphs inside of it, which see the values around them. */
function renamedNode(fields: readonly WireField[], renames: ReadonlyMap<string, string>): Uint8Array {
  return Buffer.concat(
    fields.map(({ number, bytes, raw }) => {
      if (number === NODE.input || number === NODE.output) {
        const name = renames.get(Buffer.from(bytes).toString("utf8"));
        return name === undefined ? raw : bytesField(number, name);
      }
      if (number !== NODE.attribute) return raw;
      const attribute = splitFields(bytes);
      if (!attribute.some((field) => isGraph(field))) return raw;
      return bytesField(
        number,
        Buffer.concat(
          attribute.map((field) =>
            isGraph(field) ? bytesField(field.number, renamedGraph(field.bytes, renames)) : field.raw,
          ),
        ),
      );
    }),
  );
}

function isGraph({ number }: WireField): boolean {
  return number === ATTRIBUTE.g || number === ATTRIBUTE.graphs;
}

function renamedGraph(graph: Uint8Array, renames: ReadonlyMap<string, string>): Uint8Array {
  return Buffer.concat(
    splitFields(graph).map((field) => {
      if (field.number === GRAPH.node)
        return bytesField(GRAPH.node, renamedNode(splitFields(field.bytes), renames));
      if (field.number !== GRAPH.output) return field.raw;
      // A graph inside may return a value of the graph around it.
      return bytesField(GRAPH.output, renamedName(field.bytes, 1, renames));
    }),
  );
}

function renamedTensor(field: WireField, renames: ReadonlyMap<string, string>): Uint8Array {
  return renames.has(textOf(splitFields(field.bytes), TENSOR_NAME))
    ? bytesField(field.number, renamedName(field.bytes, TENSOR_NAME, renames))
    : field.raw;
}

function renamedName(message: Uint8Array, number: number, renames: ReadonlyMap<string, string>): Uint8Array {
  return Buffer.concat(
    splitFields(message).map((field) => {
      const name =
        field.number === number ? renames.get(Buffer.from(field.bytes).toString("utf8")) : undefined;
      return name === undefined ? field.raw : bytesField(number, name);
    }),
  );
}

export type NodeAttribute = number | string | readonly number[] | readonly string[] | { tensor: Uint8Array };

/** Returns the bytes of a node. */
export function nodeBytes(node: {
  op: string;
  /** @default - ONNX itself */
  domain?: string;
  inputs: readonly string[];
  output: string;
  attributes?: Readonly<Record<string, NodeAttribute>>;
}): Uint8Array {
  return Buffer.concat([
    ...node.inputs.map((name) => bytesField(NODE.input, name)),
    bytesField(NODE.output, node.output),
    bytesField(NODE.name, `slipway_${node.op}_${node.output}`),
    bytesField(NODE.opType, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) =>
      bytesField(NODE.attribute, attributeBytes(name, value)),
    ),
    ...(node.domain === undefined ? [] : [bytesField(NODE.domain, node.domain)]),
  ]);
}

function attributeBytes(name: string, value: NodeAttribute): Uint8Array {
  const typed = (type: number, content: readonly Uint8Array[]): Uint8Array =>
    Buffer.concat([bytesField(ATTRIBUTE.name, name), ...content, varintField(ATTRIBUTE.type, type)]);
  if (typeof value === "number") return typed(ATTRIBUTE_TYPE.int, [varintField(ATTRIBUTE.i, value)]);
  if (typeof value === "string") return typed(ATTRIBUTE_TYPE.text, [bytesField(ATTRIBUTE.s, value)]);
  if ("tensor" in value) return typed(ATTRIBUTE_TYPE.tensor, [bytesField(ATTRIBUTE.t, value.tensor)]);
  const numbers = value.filter((each) => typeof each === "number");
  if (numbers.length > 0) return typed(ATTRIBUTE_TYPE.ints, [packedField(ATTRIBUTE.ints, numbers)]);
  return typed(
    ATTRIBUTE_TYPE.texts,
    value.map((each) => bytesField(ATTRIBUTE.strings, String(each))),
  );
}

/** Returns a node whose output is a list of whole numbers; with `scalar`, a single one without an axis. */
export function constantNode(output: string, values: readonly number[], { scalar = false } = {}): Uint8Array {
  const tensor = Buffer.concat([
    ...(scalar ? [] : [packedField(1, [values.length])]),
    varintField(2, ELEMENT.int64),
    packedField(7, values),
  ]);
  return nodeBytes({ op: "Constant", inputs: [], output, attributes: { value: { tensor } } });
}

/** Returns the bytes of an input or output: float32 [N, columns]. */
export function floatValue(name: string, columns: number): Uint8Array {
  const dims = [bytesField(1, bytesField(2, "N")), bytesField(1, varintField(1, columns))];
  const tensor = Buffer.concat([varintField(1, ELEMENT.float32), bytesField(2, Buffer.concat(dims))]);
  return Buffer.concat([bytesField(1, name), bytesField(2, bytesField(1, tensor))]);
}

/** Returns the bytes of an output whose type and shape follow from the graph. */
export function untypedValue(name: string): Uint8Array {
  return bytesField(1, name);
}
