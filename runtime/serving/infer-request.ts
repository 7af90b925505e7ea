import { z } from "zod";
import type { ModelCard } from "../contract/model-card.ts";
import { BadInput } from "../errors.ts";

const parametersSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
/** @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md */
const inferRequestSchema = z.object({
  id: z.string().optional(),
  parameters: parametersSchema.optional(),
  inputs: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.int().min(0)),
      datatype: z.string(),
      parameters: parametersSchema.optional(),
      // Elements are checked while they are copied: once, and with their place in the message.
      data: z.custom<unknown[]>(Array.isArray, "must be an array"),
    }),
  ),
  outputs: z.array(z.object({ name: z.string(), parameters: parametersSchema.optional() })).optional(),
});

export interface InferRequest {
  /** Echoed. */
  id: string | undefined;
  rows: number;
  /** rows × features, missing = NaN. */
  batch: Float32Array;
}

/** Reads an inference request of the Open Inference Protocol for one model. Throws BadInput. */
export function parseInferRequest(body: unknown, card: ModelCard, maxRows: number): InferRequest {
  const parsed = inferRequestSchema.safeParse(body);
  if (!parsed.success) throw new BadInput(`${card.name}: ${describeIssues(parsed.error)}`);
  const { id, inputs, outputs = [] } = parsed.data;
  const [input] = inputs;
  if (input === undefined || inputs.length > 1)
    throw new BadInput(
      `${card.name}: inputs must hold the one tensor ${card.input.name}, got ${inputs.length} tensors`,
    );
  const owner = `${card.name}: inputs[0]`;
  const width = card.features.length;
  if (input.name !== card.input.name)
    throw new BadInput(
      `${owner}.name must be ${JSON.stringify(card.input.name)}, got ${JSON.stringify(input.name)}`,
    );
  if (input.datatype !== card.input.datatype)
    throw new BadInput(
      `${owner}.datatype must be "${card.input.datatype}", got ${JSON.stringify(input.datatype)}`,
    );
  const [rows = 0, columns] = input.shape;
  if (input.shape.length !== 2 || columns !== width || rows < 1)
    throw new BadInput(
      `${owner}.shape must be [rows, ${width}] with at least one row, got [${input.shape.join(", ")}]; GET /v2/models/${card.name} names the features`,
    );
  if (rows > maxRows)
    throw new BadInput(`${owner}.shape must have at most ${maxRows} rows, got ${rows}; send them in parts`);
  refuseBinary(owner, input.parameters?.["binary_data_size"]);
  outputs.forEach((output, i) => {
    if (output.name !== card.output.name)
      throw new BadInput(
        `${card.name}: outputs[${i}].name must be ${JSON.stringify(card.output.name)}, got ${JSON.stringify(output.name)}`,
      );
    refuseBinary(`${card.name}: outputs[${i}]`, output.parameters?.["binary_data"] || undefined);
  });
  return { id, rows, batch: toBatch(`${owner}.data`, input.data, rows, width) };
}

function refuseBinary(owner: string, parameter: unknown): void {
  if (parameter !== undefined)
    throw new BadInput(`${owner}: binary tensors are not supported; send and ask for data as JSON`);
}

/** Row-major values from a flat array or from one array per row. */
function toBatch(owner: string, data: readonly unknown[], rows: number, width: number): Float32Array {
  const batch = new Float32Array(rows * width);
  if (!Array.isArray(data[0])) {
    if (data.length !== batch.length)
      throw new BadInput(
        `${owner} must hold ${rows} × ${width} = ${batch.length} values, got ${data.length}`,
      );
    for (let i = 0; i < batch.length; i++) batch[i] = toFloat32(data[i], () => `${owner}[${i}]`);
    return batch;
  }
  if (data.length !== rows) throw new BadInput(`${owner} must hold ${rows} rows, got ${data.length}`);
  data.forEach((row, r) => {
    if (!Array.isArray(row) || row.length !== width)
      throw new BadInput(
        `${owner}[${r}] must be an array of ${width} values, got ${Array.isArray(row) ? row.length : typeof row}`,
      );
    for (let c = 0; c < width; c++) batch[r * width + c] = toFloat32(row[c], () => `${owner}[${r}][${c}]`);
  });
  return batch;
}

/** null is a missing value. What does not fit a float32 is refused: it would become infinite, and score as if it were. */
export function toFloat32(value: unknown, owner: () => string): number {
  if (value === null) return NaN;
  if (typeof value === "number" && Number.isFinite(Math.fround(value))) return value;
  throw new BadInput(
    `${owner()} must be a number of at most 3.4e38, or null where it is missing, got ${typeof value === "number" ? value : typeof value}`,
  );
}

export function describeIssues(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map((part) =>
    typeof part === "number" ? `[${part}]` : `.${String(part)}`,
  );
  return `${path.join("").replace(/^\./, "") || "body"}: ${issue?.message ?? "is not valid"}`;
}
