import protobuf from "protobufjs";

/** The messages of onnx.proto3 that a tree model needs, with its field numbers. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 */
const ONNX = `
syntax = "proto3";
package onnx;
message AttributeProto {
  enum AttributeType { UNDEFINED = 0; FLOAT = 1; INT = 2; STRING = 3; FLOATS = 6; INTS = 7; STRINGS = 8; }
  string name = 1;
  float f = 2;
  int64 i = 3;
  bytes s = 4;
  repeated float floats = 7;
  repeated int64 ints = 8;
  repeated bytes strings = 9;
  AttributeType type = 20;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; string doc_string = 3; }
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  string name = 3;
  string op_type = 4;
  repeated AttributeProto attribute = 5;
  string domain = 7;
}
message ModelProto {
  int64 ir_version = 1;
  string producer_name = 2;
  string producer_version = 3;
  string doc_string = 6;
  GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
}
message GraphProto {
  repeated NodeProto node = 1;
  string name = 2;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}
message TensorShapeProto {
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  repeated Dimension dim = 1;
}
message TypeProto {
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  oneof value { Tensor tensor_type = 1; }
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
`;

export type AttributeValue =
  | { ints: readonly number[] }
  | { floats: readonly number[] }
  | { strings: readonly string[] }
  | { s: string }
  | { i: number };

export interface OnnxNode {
  domain: string;
  opType: string;
  input: string;
  output: string;
  attributes: Readonly<Record<string, AttributeValue>>;
}

export interface OnnxModel {
  name: string;
  input: { name: string; columns: number };
  output: { name: string; columns: number };
  /** In the order of evaluation. */
  nodes: readonly OnnxNode[];
  /** By domain; "" is ONNX itself. */
  opsets: Readonly<Record<string, number>>;
}

const FLOAT = 1;
const ATTRIBUTE_TYPE = { i: 2, s: 3, floats: 6, ints: 7, strings: 8 } as const;
/** Version of the format; every onnxruntime from 1.13 on reads it. */
const IR_VERSION = 8;

const model = protobuf.parse(ONNX, { keepCase: true }).root.lookupType("onnx.ModelProto");

/** Returns the bytes of a .onnx file with a chain of nodes and a batch dimension N. The same model gives the same bytes. */
export function encodeOnnx({ name, input, output, nodes, opsets }: OnnxModel): Uint8Array {
  const message = model.fromObject({
    ir_version: IR_VERSION,
    producer_name: "slipway",
    graph: {
      name,
      node: nodes.map((node, i) => ({
        name: `${node.opType}_${i}`,
        op_type: node.opType,
        domain: node.domain,
        input: [node.input],
        output: [node.output],
        attribute: Object.entries(node.attributes).map(([key, value]) => attribute(key, value)),
      })),
      input: [floats(input)],
      output: [floats(output)],
    },
    opset_import: Object.entries(opsets).map(([domain, version]) => ({ domain, version })),
  });
  return model.encode(message).finish();
}

function attribute(name: string, value: AttributeValue): Record<string, unknown> {
  const bytes = (text: string): Buffer => Buffer.from(text);
  if ("strings" in value) return { name, type: ATTRIBUTE_TYPE.strings, strings: value.strings.map(bytes) };
  if ("s" in value) return { name, type: ATTRIBUTE_TYPE.s, s: bytes(value.s) };
  if ("ints" in value) return { name, type: ATTRIBUTE_TYPE.ints, ints: value.ints };
  if ("floats" in value) return { name, type: ATTRIBUTE_TYPE.floats, floats: value.floats };
  return { name, type: ATTRIBUTE_TYPE.i, i: value.i };
}

function floats({ name, columns }: { name: string; columns: number }): Record<string, unknown> {
  const dim = [{ dim_param: "N" }, { dim_value: columns }];
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
}
