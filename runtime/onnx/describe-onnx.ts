import type { TaskKind } from "../contract/task.ts";
import { classesOf, readOnnx, type OnnxFile, type OnnxValue } from "./import/onnx-file.ts";

/** A .onnx file, for a person or for a draft of a definition. */
export interface OnnxDescription {
  /** Program that wrote it, with its version. */
  producer: string;
  irVersion: number;
  /** By domain; `ai.onnx` is ONNX itself. */
  opsets: Readonly<Record<string, number>>;
  metadata: Readonly<Record<string, string>>;
  /** Inputs that a caller gives: without those that are weights. */
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  /** Names of the classes, in the order of the probabilities; undefined if the graph does not say them. */
  classes?: readonly string[];
  /** What the outputs look like. */
  task: Extract<TaskKind, "binary" | "multiclass" | "regression">;
}

/** Describes a .onnx file without running it. Throws BadInput if it is none, or was cut off. */
export function describeOnnx(bytes: Uint8Array): OnnxDescription {
  const file = readOnnx(bytes);
  const classes = classesOf(file);
  return {
    producer: file.producer,
    irVersion: file.irVersion,
    opsets: Object.fromEntries([...file.opsets].map(([domain, version]) => [domain || "ai.onnx", version])),
    metadata: Object.fromEntries(file.metadata),
    inputs: file.inputs,
    outputs: file.outputs,
    ...(classes === undefined ? {} : { classes }),
    task: taskOf(file, classes?.length),
  };
}

function taskOf({ outputs, nodes }: OnnxFile, classes: number | undefined): OnnxDescription["task"] {
  const widths = outputs.flatMap(({ type, shape }) => {
    const width = shape?.[1];
    return type === "float32" && typeof width === "number" ? [width] : [];
  });
  const last = nodes.at(-1)?.opType;
  const count = classes ?? Math.max(...widths, 1);
  if (classes !== undefined || last === "Softmax" || outputs.some(({ type }) => type === "map"))
    return count > 2 ? "multiclass" : "binary";
  if (last === "Sigmoid" || outputs.some(({ name }) => /prob/i.test(name)))
    return count > 2 ? "multiclass" : "binary";
  return "regression";
}
