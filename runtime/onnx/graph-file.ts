import protobuf from "protobufjs";
import { field, readFields, writeFields, type WireField } from "./wire-message.ts";

/** Messages of onnx.proto3 that are read and written here, with its field numbers. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 */
const ONNX = `
syntax = "proto3";
package onnx;
message AttributeProto {
  string name = 1; int64 i = 3; bytes s = 4; repeated int64 ints = 8; repeated bytes strings = 9; int32 type = 20;
}
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5; string domain = 7;
}
message TensorProto {
  repeated int64 dims = 1; int32 data_type = 2; repeated int64 int64_data = 7; string name = 8; int32 data_location = 14;
}
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; }
message TensorType { int32 elem_type = 1; TensorShapeProto shape = 2; }
message TypeProto { TensorType tensor_type = 1; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
`;
const types = protobuf.parse(ONNX, { keepCase: true }).root;
const type = (name: string): protobuf.Type => types.lookupType(`onnx.${name}`);
const [Node, Tensor, ValueInfo, Opset] = [
  "NodeProto",
  "TensorProto",
  "ValueInfoProto",
  "OperatorSetIdProto",
].map(type) as [protobuf.Type, protobuf.Type, protobuf.Type, protobuf.Type];

const MODEL = { graph: 7, opset: 8 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;
const EXTERNAL = 1;

/** Types of tensors, by their numbers in ONNX. */
export const ELEMENT = { float: 1, int32: 6, int64: 7, string: 8, double: 11 } as const;

/** An input or an output of a graph. */
export interface GraphValue {
  name: string;
  /** Number of the type of its elements (`ELEMENT`); undefined for what is no tensor. */
  element: number | undefined;
  /** The sizes; undefined for one that is not fixed. The whole is undefined where the file does not say it. */
  shape: (number | undefined)[] | undefined;
}

export interface GraphNode {
  opType: string;
  domain?: string;
  inputs: readonly string[];
  outputs: readonly string[];
  /** Attributes that are whole numbers, lists of them or of texts, or texts. */
  attributes?: Readonly<Record<string, number | string | readonly number[] | readonly string[]>>;
}

/** An ONNX file of any program. What is not changed is kept to the byte. */
export interface GraphFile {
  nodes: (GraphNode & { bytes: Uint8Array })[];
  /** Inputs that are no constants. */
  inputs: GraphValue[];
  outputs: GraphValue[];
  constants: { name: string; external: boolean; bytes: Uint8Array }[];
  /** By domain; "" is ONNX itself. */
  opsets: Record<string, number>;
  /** What is neither of these, of the model and of its graph. */
  rest: { model: WireField[]; graph: WireField[] };
}

/** Parses an ONNX file. Throws an error of any kind for other bytes. */
export function parseGraphFile(bytes: Uint8Array): GraphFile {
  const model = readFields(bytes);
  const graphs = model.filter(({ number }) => number === MODEL.graph);
  if (graphs.length !== 1) throw new Error("it has no graph");
  const graph = readFields(graphs[0]!.content!);
  const contents = (number: number): Uint8Array[] =>
    graph.filter((each) => each.number === number).map(({ content }) => content!);
  const constants = contents(GRAPH.initializer).map((content) => {
    const { name, data_location } = Tensor.decode(content) as unknown as {
      name: string;
      data_location: number;
    };
    return { name, external: data_location === EXTERNAL, bytes: content };
  });
  const named = new Set(constants.map(({ name }) => name));
  const opsets = model.filter(({ number }) => number === MODEL.opset).map(({ content }) => toOpset(content!));
  const known: number[] = Object.values(GRAPH);
  return {
    nodes: contents(GRAPH.node).map(toNode),
    inputs: contents(GRAPH.input)
      .map(toValue)
      .filter(({ name }) => !named.has(name)),
    outputs: contents(GRAPH.output).map(toValue),
    constants,
    opsets: Object.fromEntries(opsets),
    rest: {
      model: model.filter(({ number }) => number !== MODEL.graph && number !== MODEL.opset),
      // The types of inner tensors are for tools; a renamed tensor would contradict them.
      graph: graph.filter(({ number }) => !known.includes(number)),
    },
  };
}

/** Returns the bytes of a file. The same file gives the same bytes. */
export function writeGraphFile(file: GraphFile): Uint8Array {
  const graph = [
    ...file.nodes.map(({ bytes }) => field(GRAPH.node, bytes)),
    ...file.rest.graph,
    ...file.constants.map(({ bytes }) => field(GRAPH.initializer, bytes)),
    ...file.inputs.map((value) => field(GRAPH.input, fromValue(value))),
    ...file.outputs.map((value) => field(GRAPH.output, fromValue(value))),
  ];
  const opsets = Object.entries(file.opsets).map(([domain, version]) =>
    field(MODEL.opset, Opset.encode({ domain, version }).finish()),
  );
  return writeFields([...file.rest.model, field(MODEL.graph, writeFields(graph)), ...opsets]);
}

/** Returns a node for `nodes`. */
export function graphNode(node: GraphNode): GraphFile["nodes"][number] {
  const { opType, domain = "", inputs, outputs, attributes = {} } = node;
  const message = Node.fromObject({
    input: [...inputs],
    output: [...outputs],
    op_type: opType,
    domain,
    attribute: Object.entries(attributes).map(([name, value]) => toAttribute(name, value)),
  });
  return { ...node, bytes: Node.encode(message).finish() };
}

/** Returns a constant of whole numbers; with `scalar` one number without dimensions. */
export function int64Constant(
  name: string,
  values: readonly number[],
  { scalar = false } = {},
): GraphFile["constants"][number] {
  const message = Tensor.fromObject({
    name,
    data_type: ELEMENT.int64,
    dims: scalar ? [] : [values.length],
    int64_data: [...values],
  });
  return { name, external: false, bytes: Tensor.encode(message).finish() };
}

/** Renames a tensor where nodes make it or read it. */
export function renameTensor(nodes: GraphFile["nodes"], from: string, to: string): GraphFile["nodes"] {
  return nodes.map((node) => {
    if (![...node.inputs, ...node.outputs].includes(from)) return node;
    const fields = readFields(node.bytes).map((each) =>
      each.number <= 2 && Buffer.from(each.content!).toString() === from
        ? field(each.number, Buffer.from(to))
        : each,
    );
    return toNode(writeFields(fields));
  });
}

function toNode(bytes: Uint8Array): GraphFile["nodes"][number] {
  const { input, output, op_type, domain, attribute } = Node.toObject(Node.decode(bytes), {
    arrays: true,
    defaults: true,
    longs: Number,
    bytes: Buffer,
  }) as {
    input: string[];
    output: string[];
    op_type: string;
    domain: string;
    attribute: { name: string; ints: number[]; strings: Buffer[] }[];
  };
  const lists = attribute.map(({ name, ints, strings }) => [
    name,
    strings.length > 0 ? strings.map((text) => text.toString()) : ints,
  ]);
  return {
    opType: op_type,
    domain,
    inputs: input,
    outputs: output,
    attributes: Object.fromEntries(lists) as Record<string, number[] | string[]>,
    bytes,
  };
}

const ATTRIBUTE = { int: 2, string: 3, ints: 7, strings: 8 } as const;

function toAttribute(name: string, value: NonNullable<GraphNode["attributes"]>[string]): object {
  if (typeof value === "number") return { name, type: ATTRIBUTE.int, i: value };
  if (typeof value === "string") return { name, type: ATTRIBUTE.string, s: Buffer.from(value) };
  return typeof value[0] === "string"
    ? { name, type: ATTRIBUTE.strings, strings: value.map((text) => Buffer.from(String(text))) }
    : { name, type: ATTRIBUTE.ints, ints: value };
}

function toValue(content: Uint8Array): GraphValue {
  const { name, type } = ValueInfo.toObject(ValueInfo.decode(content), { longs: Number }) as {
    name: string;
    type?: { tensor_type?: { elem_type?: number; shape?: { dim?: { dim_value?: number }[] } } };
  };
  const tensor = type?.tensor_type;
  // Some programs write 0 or -1 for a size that is not fixed.
  const size = ({ dim_value = 0 }: { dim_value?: number }): number | undefined =>
    dim_value > 0 ? dim_value : undefined;
  return {
    name,
    element: tensor?.elem_type,
    shape: tensor?.shape === undefined ? undefined : (tensor.shape.dim ?? []).map(size),
  };
}

function fromValue({ name, element = ELEMENT.float, shape }: GraphValue): Uint8Array {
  const dim = shape?.map((size) => (size === undefined ? { dim_param: "N" } : { dim_value: size }));
  const tensor_type = { elem_type: element, ...(dim === undefined ? {} : { shape: { dim } }) };
  return ValueInfo.encode(ValueInfo.fromObject({ name, type: { tensor_type } })).finish();
}

function toOpset(content: Uint8Array): [string, number] {
  const { domain = "", version } = Opset.toObject(Opset.decode(content), { longs: Number }) as {
    domain?: string;
    version: number;
  };
  return [domain, version];
}
