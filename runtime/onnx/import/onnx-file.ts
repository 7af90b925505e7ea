import { BadInput } from "../../errors.ts";
import { numberOf, numbersOf, splitFields, textOf, textsOf, type WireField } from "./wire-format.ts";

/** Numbers of the fields of onnx.proto3. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 */
export const MODEL = {
  irVersion: 1,
  producer: 2,
  producerVersion: 3,
  graph: 7,
  opset: 8,
  metadata: 14,
  functions: 25,
} as const;
export const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;
export const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;
export const ATTRIBUTE = {
  name: 1,
  i: 3,
  s: 4,
  t: 5,
  g: 6,
  floats: 7,
  ints: 8,
  strings: 9,
  tensors: 10,
  graphs: 11,
  type: 20,
} as const;
const TENSOR = { dataType: 2, name: 8, externalData: 13, dataLocation: 14 } as const;

/** Types of tensors by their number in onnx.proto3. */
export const ELEMENT_TYPES = [
  "undefined",
  "float32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "bool",
  "float16",
  "float64",
  "uint32",
  "uint64",
] as const;
export type ElementType = (typeof ELEMENT_TYPES)[number] | "other";

/** An input or output of a graph. */
export interface OnnxValue {
  name: string;
  /** Type of a tensor's elements; `map` stands for a list of maps, as ZipMap makes it. */
  type: ElementType | "map";
  /** Number of elements, or the name of a size that the caller chooses; undefined if the file does not say the shape. */
  shape: readonly (number | string)[] | undefined;
}

export interface OnnxFileNode {
  opType: string;
  /** "" is ONNX itself. */
  domain: string;
  inputs: readonly string[];
  outputs: readonly string[];
  /** By name. */
  attributes: ReadonlyMap<string, readonly WireField[]>;
  fields: readonly WireField[];
}

/** A .onnx file, read as far as an adaptation needs. */
export interface OnnxFile {
  irVersion: number;
  /** Program that wrote it, with its version. */
  producer: string;
  /** By domain; "" is ONNX itself. */
  opsets: ReadonlyMap<string, number>;
  metadata: ReadonlyMap<string, string>;
  /** Inputs that a caller gives: without those that are weights. */
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  nodes: readonly OnnxFileNode[];
  /** Domains of functions that the file defines itself. */
  functionDomains: readonly string[];
  fields: readonly WireField[];
  graphFields: readonly WireField[];
}

/** Reads a .onnx file. Throws BadInput if it is none, or was cut off. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const fields = splitFields(bytes);
  const graph = fields.find(({ number }) => number === MODEL.graph);
  const irVersion = numberOf(fields, MODEL.irVersion);
  if (graph === undefined || irVersion === 0)
    throw new BadInput(
      "must be a whole ONNX file, got one without a graph: it is cut off or has another format",
    );
  const graphFields = splitFields(graph.bytes);
  const weights = new Set(
    graphFields
      .filter(({ number }) => number === GRAPH.initializer)
      .map(({ bytes: tensor }) => textOf(splitFields(tensor), TENSOR.name)),
  );
  const values = (number: number): OnnxValue[] =>
    graphFields.filter((field) => field.number === number).map((field) => readValue(field.bytes));
  return {
    irVersion,
    producer: [textOf(fields, MODEL.producer), textOf(fields, MODEL.producerVersion)]
      .filter((text) => text !== "")
      .join(" "),
    opsets: new Map(
      messages(fields, MODEL.opset).map((opset) => [domainOf(textOf(opset, 1)), numberOf(opset, 2)]),
    ),
    metadata: new Map(messages(fields, MODEL.metadata).map((entry) => [textOf(entry, 1), textOf(entry, 2)])),
    inputs: values(GRAPH.input).filter(({ name }) => !weights.has(name)),
    outputs: values(GRAPH.output),
    nodes: graphFields.filter(({ number }) => number === GRAPH.node).map(({ bytes: node }) => readNode(node)),
    functionDomains: messages(fields, MODEL.functions).map((each) => textOf(each, 10)),
    fields,
    graphFields,
  };
}

export function readNode(bytes: Uint8Array): OnnxFileNode {
  const fields = splitFields(bytes);
  return {
    opType: textOf(fields, NODE.opType),
    domain: domainOf(textOf(fields, NODE.domain)),
    inputs: textsOf(fields, NODE.input),
    outputs: textsOf(fields, NODE.output),
    attributes: new Map(messages(fields, NODE.attribute).map((each) => [textOf(each, ATTRIBUTE.name), each])),
    fields,
  };
}

/** Both names of ONNX's own domain are in use. */
const domainOf = (domain: string): string => (domain === "ai.onnx" ? "" : domain);

function messages(fields: readonly WireField[], number: number): WireField[][] {
  return fields.filter((field) => field.number === number).map(({ bytes }) => splitFields(bytes));
}

function readValue(bytes: Uint8Array): OnnxValue {
  const fields = splitFields(bytes);
  const name = textOf(fields, 1);
  const [type = []] = messages(fields, 2);
  const [tensor] = messages(type, 1);
  if (tensor === undefined)
    return { name, type: type.some(({ number }) => number === 4) ? "map" : "other", shape: undefined };
  const [shape] = messages(tensor, 2);
  return {
    name,
    type: ELEMENT_TYPES[numberOf(tensor, 1)] ?? "other",
    shape:
      shape === undefined
        ? undefined
        : messages(shape, 1).map((dim) =>
            dim.some(({ number }) => number === 1) ? numberOf(dim, 1) : textOf(dim, 2),
          ),
  };
}

/** Returns the files beside the .onnx file in which its weights lie. */
export function externalFiles({ graphFields }: Pick<OnnxFile, "graphFields">): string[] {
  const found = new Set<string>();
  const tensor = (bytes: Uint8Array): void => {
    const fields = splitFields(bytes);
    if (numberOf(fields, TENSOR.dataLocation) !== 1) return;
    const entries = messages(fields, TENSOR.externalData);
    found.add(textOf(entries.find((entry) => textOf(entry, 1) === "location") ?? [], 2));
  };
  const graph = (fields: readonly WireField[]): void => {
    for (const field of fields)
      if (field.number === GRAPH.initializer) tensor(field.bytes);
      else if (field.number === GRAPH.node)
        for (const attribute of readNode(field.bytes).attributes.values())
          for (const { number, bytes } of attribute)
            if (number === ATTRIBUTE.t || number === ATTRIBUTE.tensors) tensor(bytes);
            else if (number === ATTRIBUTE.g || number === ATTRIBUTE.graphs) graph(splitFields(bytes));
  };
  graph(graphFields);
  return [...found];
}

/** Returns the names of the classes, in the order of the probabilities; undefined if the graph does not say them. */
export function classesOf({ nodes }: Pick<OnnxFile, "nodes">): string[] | undefined {
  for (const { attributes } of nodes.toReversed()) {
    const strings = attributes.get("classlabels_strings");
    const texts = strings === undefined ? [] : textsOf(strings, ATTRIBUTE.strings);
    const numbers = attributes.get("classlabels_int64s") ?? attributes.get("classlabels_ints");
    const codes = numbers === undefined ? [] : numbersOf(numbers, ATTRIBUTE.ints);
    if (texts.length > 0) return texts;
    if (codes.length > 0) return codes.map(String);
  }
  return undefined;
}
