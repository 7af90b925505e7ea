import type { Task } from "../../contract/task.ts";
import { BadInput } from "../../errors.ts";
import { adaptInput, type ImportedFeature, type InputEdit } from "./adapt-input.ts";
import { chooseOutput, type ChosenOutput } from "./choose-output.ts";
import { columnOrder } from "./column-order.ts";
import { constantNode, editedOnnx, ELEMENT, floatValue, nodeBytes, untypedValue } from "./graph-edit.ts";
import { ONNX_INPUT, ONNX_OUTPUTS } from "../model-signature.ts";
import { classesOf, readOnnx, type OnnxFile } from "./onnx-file.ts";
import { probeRows } from "./probe-rows.ts";
import { refuseUnusable } from "./refuse-unusable.ts";
import { runOnnx, type OnnxResult } from "./run-onnx.ts";

export interface ImportOptions {
  /** Columns of the model, in the order of the definition. */
  features: readonly ImportedFeature[];
  task: Task;
  /** Output with the scores. @default - it is found */
  output?: string | undefined;
}

export interface ImportedOnnx {
  /** The file with the input and the output of `model-signature.ts`; the given bytes if it has them already. */
  onnx: Uint8Array;
  /** Program that wrote the file, with its version. */
  producer: string;
  /** Changes of the graph, in words. */
  changes: string[];
}

/** Of 0 to 1, as far as float32 goes. */
const TOLERANCE = 1e-5;
const PROBED_ROWS = 16;

/**
 * Gives an ONNX file from any exporter the signature that every model has, and runs it on made-up rows. Throws BadInput, with what to
 * change in the export, if it is no ONNX file, cannot be run, or gives no scores of the task.
 */
export async function importOnnx(bytes: Uint8Array, options: ImportOptions): Promise<ImportedOnnx> {
  const file = readOnnx(bytes);
  refuseUnusable(file);
  const input = adaptInput(file, options.features);
  const chosen = chooseOutput(file, options.task, options.output);
  const rows = probeRows(options.features, PROBED_ROWS);
  const width = options.features.length;
  const { onnx, changes } = await adapted(file, bytes, input, chosen, options, rows);
  const outputs = outputsOf(options.task);
  const all = await runOnnx(onnx, rows, width);
  refuseScores(all, options.task);
  // A batch that changes the scores of its rows cannot be served: requests are put together.
  for (let row = 0; row < PROBED_ROWS; row++) {
    const alone = await runOnnx(onnx, rows.subarray(row * width, (row + 1) * width), width);
    for (let i = 0; i < outputs; i++) {
      const [one, batch] = [alone.values[i] ?? NaN, all.values[row * outputs + i] ?? NaN];
      if (
        !(Math.abs(one - batch) <= 1e-4 * Math.max(1, Math.abs(batch))) &&
        !(Number.isNaN(one) && Number.isNaN(batch))
      )
        throw new BadInput(
          `scores of a row must not depend on the other rows of a request, got ${batch} among ${PROBED_ROWS} rows and ${one} alone; export the model for inference (model.eval()), with a batch of any size (dynamic_axes)`,
        );
    }
  }
  return { onnx, producer: file.producer, changes };
}

async function adapted(
  file: OnnxFile,
  bytes: Uint8Array,
  input: InputEdit,
  chosen: ChosenOutput,
  { task, features }: ImportOptions,
  rows: Float32Array,
): Promise<{ onnx: Uint8Array; changes: string[] }> {
  const without = chosen.zipMap === undefined ? [] : [chosen.zipMap];
  const raw = input.renames.get(chosen.value) ?? chosen.value;
  const probe = editedOnnx(file, { ...input, after: [], outputs: [untypedValue(raw)], without });
  const result = await runOnnx(probe, rows, features.length);
  const columns = columnsOf(result, rows.length / features.length, task);
  const order = columnOrder(task, columns, classesOf(file));
  const name = outputNameOf(task);
  const isFloat = result.type === "float32";
  const isFlat = result.dims.length === 1;
  const changes = [
    ...input.changes,
    ...(chosen.zipMap === undefined ? [] : ["the probabilities are taken from before the ZipMap"]),
    ...(isFlat ? ["its one number a row gets a second axis"] : []),
    ...(order === undefined ? [] : [`the output is column ${order.join(", ")} of ${chosen.value}`]),
    ...(isFloat ? [] : [`the output is cast from ${result.type}`]),
  ];
  if (
    changes.length === 0 &&
    file.outputs.length === 1 &&
    raw === name &&
    isCanonicalInput(file, features.length)
  )
    return { onnx: bytes, changes };
  if (raw !== name && changes.length === input.changes.length) changes.push(`output ${raw} is named ${name}`);
  // The value gets another name, so that the output can have the one that every model has.
  const source = `slipway_scores`;
  const renames = new Map(input.renames).set(chosen.value, source);
  if (chosen.value !== name) renames.set(name, `slipway_before_${name}`);
  let [at, count] = [source, 0];
  const after: Uint8Array[] = [];
  const add = (node: (output: string) => Uint8Array[]): void => {
    const next = `slipway_scores_${++count}`;
    after.push(...node(next));
    at = next;
  };
  if (isFlat)
    add((output) => [
      constantNode(`${output}_shape`, [-1, 1]),
      nodeBytes({ op: "Reshape", inputs: [at, `${output}_shape`], output }),
    ]);
  if (order !== undefined)
    add((output) => [
      constantNode(`${output}_columns`, order),
      nodeBytes({ op: "Gather", inputs: [at, `${output}_columns`], output, attributes: { axis: 1 } }),
    ]);
  if (!isFloat)
    add((output) => [nodeBytes({ op: "Cast", inputs: [at], output, attributes: { to: ELEMENT.float32 } })]);
  after.push(nodeBytes({ op: "Identity", inputs: [at], output: name }));
  const onnx = editedOnnx(file, {
    ...input,
    renames,
    after,
    outputs: [floatValue(name, outputsOf(task))],
    without,
  });
  return { onnx, changes };
}

function isCanonicalInput({ inputs }: OnnxFile, width: number): boolean {
  const [{ name, shape } = { name: "", shape: undefined }] = inputs;
  return name === ONNX_INPUT && typeof shape?.[0] === "string" && shape[1] === width;
}

/** Returns the number of scores of a row. */
function columnsOf({ dims, values }: OnnxResult, rows: number, task: Task): number {
  const isOne = dims.length === 1 && dims[0] === rows;
  if (isOne) return 1;
  if (dims.length === 2 && dims[0] === rows) return dims[1] ?? 0;
  throw new BadInput(
    `output must be ${task.kind === "multiclass" ? "[N, classes]" : "[N, 1]"}, got [${dims.join(", ")}] (${values.length} values) for ${rows} rows; export the model with a batch of any size (dynamic_axes)`,
  );
}

function outputNameOf({ kind }: Task): string {
  return ONNX_OUTPUTS[kind === "binary" ? "binary" : kind === "multiclass" ? "classes" : "number"];
}

/** Returns the number of scores of a row that the task has. `columnOrder` refuses several classes without names. */
function outputsOf(task: Task): number {
  return task.kind === "multiclass" ? (task.classes?.length ?? 0) : 1;
}

function refuseScores({ values }: OnnxResult, task: Task): void {
  const scores = [...values].filter((value) => !Number.isNaN(value));
  if (scores.length === 0)
    throw new BadInput("scores must be numbers, got NaN for every row; check the weights of the file");
  if (task.kind !== "binary" && task.kind !== "multiclass") return;
  const outside = scores.find((value) => value < -TOLERANCE || value > 1 + TOLERANCE);
  if (outside !== undefined)
    throw new BadInput(
      `scores must be probabilities from 0 to 1, got ${outside}; end the model with a ${task.kind === "binary" ? "Sigmoid" : "Softmax"} and export it again`,
    );
}
