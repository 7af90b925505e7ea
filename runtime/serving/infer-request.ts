import type { ModelCard } from "../contract/model-card.ts";
import { BadInput } from "../errors.ts";
import { toCategoryCode, toFeatureValue } from "./feature-value.ts";
import { inputColumns, type InputColumn } from "./input-columns.ts";
import { excerpt, readArray, readObject, readOptionalObject, requireUnicode } from "./json-value.ts";

export interface InferRequest {
  /** Returned in the answer. */
  id: string | undefined;
  rows: number;
  /** rows × features, missing = NaN. */
  batch: Float32Array;
  /** Features that are missing in some row, and were missing in no training row. */
  untrained: string[];
}

/** Most rows of one request: reading and scoring them blocks the event loop. */
export const MAX_ROWS = 4096;
const MAX_ID_CHARACTERS = 256;

/**
 * Reads an inference request of the Open Inference Protocol for one model. It ignores unknown fields.
 * Throws BadInput at the first fault.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export function parseInferRequest(body: unknown, card: ModelCard, maxRows: number): InferRequest {
  const request = readObject(`${card.name}: body`, body);
  const id = readId(`${card.name}: id`, request["id"]);
  const { binary_data_output: binaryOutput } = readOptionalObject(
    `${card.name}: parameters`,
    request["parameters"],
  );
  if (binaryOutput === true) throw binaryRefused(`${card.name}: parameters.binary_data_output`);
  const inputs = readArray(`${card.name}: inputs`, request["inputs"]);
  if (inputs.length !== 1)
    throw new BadInput(
      `${card.name}: inputs must hold the one tensor ${card.input.name}, got ${inputs.length} tensors`,
    );
  const owner = `${card.name}: inputs[0]`;
  const input = readObject(owner, inputs[0]);
  const rows = readRows(owner, input, card, maxRows);
  checkOutputs(card, request["outputs"]);
  const data = readArray(`${owner}.data`, input["data"]);
  return { id, rows, ...toBatch(`${owner}.data`, data, rows, inputColumns(card).columns) };
}

function readId(owner: string, id: unknown): string | undefined {
  if (id === undefined || id === null) return undefined;
  if (typeof id === "string" && id.length <= MAX_ID_CHARACTERS) return requireUnicode(owner, id);
  throw new BadInput(`${owner} must be text of at most ${MAX_ID_CHARACTERS} characters, got ${excerpt(id)}`);
}

/** Checks the name, datatype and shape of an input tensor and returns its number of rows. */
function readRows(owner: string, input: Record<string, unknown>, card: ModelCard, maxRows: number): number {
  const width = card.features.length;
  mustEqual(`${owner}.name`, card.input.name, input["name"]);
  mustEqual(`${owner}.datatype`, card.input.datatype, input["datatype"]);
  const { binary_data_size: binarySize } = readOptionalObject(`${owner}.parameters`, input["parameters"]);
  if (binarySize !== undefined && binarySize !== null) throw binaryRefused(owner);
  const shape = readArray(`${owner}.shape`, input["shape"]);
  const [given, columns] = shape;
  const rows = typeof given === "number" && Number.isInteger(given) ? given : 0;
  if (shape.length !== 2 || columns !== width || rows < 1)
    throw new BadInput(
      `${owner}.shape must be [rows, ${width}] with at least one row, got ${shape.length > 2 ? excerpt(shape) : `[${shape.map(excerpt).join(", ")}]`}; GET /v2/models/${card.name} names the features`,
    );
  if (rows > maxRows)
    throw new BadInput(`${owner}.shape must have at most ${maxRows} rows, got ${rows}; send them in parts`);
  return rows;
}

function checkOutputs(card: ModelCard, value: unknown): void {
  const outputs = value === undefined || value === null ? [] : readArray(`${card.name}: outputs`, value);
  if (outputs.length > 1)
    throw new BadInput(
      `${card.name}: outputs must hold ${card.output.name} at most, got ${outputs.length} tensors`,
    );
  for (const each of outputs) {
    const output = readObject(`${card.name}: outputs[0]`, each);
    mustEqual(`${card.name}: outputs[0].name`, card.output.name, output["name"]);
    const { binary_data: binary } = readOptionalObject(
      `${card.name}: outputs[0].parameters`,
      output["parameters"],
    );
    if (binary === true) throw binaryRefused(`${card.name}: outputs[0]`);
  }
}

function mustEqual(owner: string, expected: string, value: unknown): void {
  if (value !== expected) throw new BadInput(`${owner} must be "${expected}", got ${excerpt(value)}`);
}

export function binaryRefused(owner: string): BadInput {
  return new BadInput(`${owner}: binary tensors are not supported; send and ask for data as JSON`);
}

/** Reads row-major values from a flat array or from one array per row. */
function toBatch(
  owner: string,
  data: readonly unknown[],
  rows: number,
  columns: readonly InputColumn[],
): Pick<InferRequest, "batch" | "untrained"> {
  const width = columns.length;
  const batch = new Float32Array(rows * width);
  const untrained = new Set<string>();
  const flat = !Array.isArray(data[0]);
  if (flat && data.length !== batch.length)
    throw new BadInput(`${owner} must hold ${rows} × ${width} = ${batch.length} values, got ${data.length}`);
  if (!flat && data.length !== rows)
    throw new BadInput(`${owner} must hold ${rows} rows, got ${data.length}`);
  for (let r = 0; r < rows; r++) {
    const row: readonly unknown[] = flat ? data : readRow(`${owner}[${r}]`, data[r], width);
    const first = flat ? r * width : 0;
    for (let c = 0; c < width; c++) {
      const column = columns[c] as InputColumn;
      const cell = (): string => (flat ? `${owner}[${first + c}]` : `${owner}[${r}][${c}]`);
      const value =
        column.codes === undefined
          ? toFeatureValue(row[first + c], column.range, cell)
          : toCategoryCode(row[first + c], column.codes.size, cell);
      if (column.neverMissingInTraining && Number.isNaN(value)) untrained.add(column.name);
      batch[r * width + c] = value;
    }
  }
  return { batch, untrained: [...untrained] };
}

function readRow(owner: string, row: unknown, width: number): readonly unknown[] {
  if (Array.isArray(row) && row.length === width) return row as unknown[];
  throw new BadInput(
    `${owner} must be an array of ${width} values, got ${Array.isArray(row) ? row.length : typeof row}`,
  );
}
