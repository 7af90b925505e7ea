import type { Feature } from "../../contract/feature.ts";
import { didYouMean } from "../../contract/issues/did-you-mean.ts";
import { BadInput } from "../../errors.ts";
import { constantNode, ELEMENT, floatValue, nodeBytes, type GraphEdit } from "./graph-edit.ts";
import { ONNX_INPUT } from "../model-signature.ts";
import type { OnnxFile, OnnxValue } from "./onnx-file.ts";

export type ImportedFeature = Pick<Feature, "name" | "kind" | "categories">;

/** Changes that give a graph the one input of every model, and each of them in words. */
export interface InputEdit extends Pick<GraphEdit, "inputs" | "before" | "renames"> {
  changes: readonly string[];
}

const ML = "ai.onnx.ml";
const CASTS: Readonly<Record<string, number>> = ELEMENT;

/**
 * Gives a graph the one input `features`, float32 [N, features]. An input of another name or number type gets it through a rename or a
 * Cast; inputs that are named like the features get their own column each, those of text the category of its code. Throws BadInput
 * for other inputs.
 */
export function adaptInput(file: OnnxFile, features: readonly ImportedFeature[]): InputEdit {
  const { inputs } = file;
  const common = { inputs: [floatValue(ONNX_INPUT, features.length)] };
  const [only] = inputs;
  if (only === undefined) throw new BadInput(`inputs must be float32 [N, ${features.length}], got none`);
  const isOnly = inputs.length === 1;
  if (isOnly && !(features.length === 1 && only.type === "string")) {
    refuseWidth(only, features);
    if (only.type === "float32")
      return {
        ...common,
        before: [],
        renames: new Map(only.name === ONNX_INPUT ? [] : [[only.name, ONNX_INPUT]]),
        changes: only.name === ONNX_INPUT ? [] : [`input ${only.name} is named ${ONNX_INPUT}`],
      };
    const { name, renames } = freed(only.name);
    return {
      ...common,
      before: [cast(ONNX_INPUT, name, typeCode(only))],
      renames,
      changes: [`input ${only.name} takes ${only.type}, cast from float32`],
    };
  }
  return { ...common, ...columnsOf(file, features) };
}

/** Returns the nodes that cut `features` into inputs which are named like the features. */
function columnsOf(
  { inputs, opsets }: OnnxFile,
  features: readonly ImportedFeature[],
): Pick<InputEdit, "before" | "renames" | "changes"> {
  const names = features.map(({ name }) => name);
  const strangers = inputs.map(({ name }) => name).filter((name) => !names.includes(name));
  const absent = names.filter((name) => !inputs.some((input) => input.name === name));
  if (strangers.length > 0 || absent.length > 0) {
    const [first = ""] = strangers;
    throw new BadInput(
      `inputs must be one tensor with all ${names.length} features, or one for each by its name (${names.join(", ")}), got ${inputs.map(({ name }) => name).join(", ")}${didYouMean(first, absent)}; export it again with one input [N, ${names.length}]`,
    );
  }
  const before: Uint8Array[] = [];
  const renames = new Map<string, string>();
  for (const input of inputs) {
    const column = names.indexOf(input.name);
    const { name: target, renames: own } = freed(input.name);
    for (const [from, to] of own) renames.set(from, to);
    const rank = input.shape?.length ?? 2;
    const width = input.shape?.[1];
    if (rank > 2 || rank === 0 || (typeof width === "number" && width !== 1))
      throw new BadInput(
        `input ${input.name} must be [N, 1] or [N], got [${input.shape?.join(", ")}]; export it again with one input [N, ${names.length}]`,
      );
    const index = `slipway_column_${column}`;
    before.push(constantNode(index, [column], { scalar: rank === 1 }));
    const part = input.type === "float32" ? target : `slipway_value_${column}`;
    before.push(
      nodeBytes({ op: "Gather", inputs: [ONNX_INPUT, index], output: part, attributes: { axis: 1 } }),
    );
    if (input.type === "string") before.push(...textOfCode(part, target, features[column]!, opsets));
    else if (input.type !== "float32") before.push(cast(part, target, typeCode(input)));
  }
  return { before, renames, changes: [`inputs ${names.join(", ")} are the columns of ${ONNX_INPUT}`] };
}

/** Returns the nodes that turn a code of the definition into its category; a missing value into an empty text. */
function textOfCode(
  from: string,
  to: string,
  { name, categories }: ImportedFeature,
  opsets: OnnxFile["opsets"],
): Uint8Array[] {
  if (categories === undefined)
    throw new BadInput(
      `input ${name} takes text, so the feature must be categorical with its categories; change its kind in the definition`,
    );
  const version = opsets.get(ML) ?? 0;
  const own = opsets.get("") ?? 0;
  // IsNaN and Where came with opset 9. A cast of NaN to a whole number differs between processors.
  if (own < 9 || version === 0)
    throw new BadInput(
      `input ${name} takes text, which needs opsets ai.onnx >= 9 and ${ML} >= 1, got ${own} and ${version}; export it again with a newer target_opset`,
    );
  const temporary = (part: string): string => `slipway_${part}_${to}`;
  const known = { op: "LabelEncoder", domain: ML, inputs: [temporary("code")], output: to };
  return [
    nodeBytes({ op: "IsNaN", inputs: [from], output: temporary("missing") }),
    constantNode(temporary("no_code"), [-1]),
    cast(temporary("no_code"), temporary("no_code_float"), ELEMENT.float32),
    nodeBytes({
      op: "Where",
      inputs: [temporary("missing"), temporary("no_code_float"), from],
      output: temporary("known"),
    }),
    cast(temporary("known"), temporary("code"), ELEMENT.int64),
    nodeBytes({
      ...known,
      attributes: {
        ...(version === 1
          ? { classes_strings: categories }
          : { keys_int64s: categories.map((_, code) => code), values_strings: categories }),
        default_string: "",
      },
    }),
  ];
}

function cast(from: string, to: string, type: number): Uint8Array {
  return nodeBytes({ op: "Cast", inputs: [from], output: to, attributes: { to: type } });
}

/** Returns the name under which the graph knows an input whose name the new input takes. */
function freed(name: string): { name: string; renames: Map<string, string> } {
  if (name !== ONNX_INPUT) return { name, renames: new Map() };
  const other = `slipway_before_${name}`;
  return { name: other, renames: new Map([[name, other]]) };
}

function typeCode({ name, type }: OnnxValue): number {
  const code = CASTS[type];
  if (code === undefined)
    throw new BadInput(
      `input ${name} must take float32, or numbers that it can be cast to, got ${type}; export it again with FloatTensorType or float32 inputs`,
    );
  return code;
}

function refuseWidth({ name, type, shape }: OnnxValue, features: readonly ImportedFeature[]): void {
  const names = features.map((feature) => feature.name).join(", ");
  if (type === "string")
    throw new BadInput(
      `input ${name} must take numbers, got text; export it again with one input for each column, named ${names}, or let it take the codes of the categories`,
    );
  if (shape === undefined) return;
  const [, width] = shape;
  if (shape.length !== 2 || (typeof width === "number" && width !== features.length))
    throw new BadInput(
      `input ${name} must be [N, ${features.length}], one column for each feature (${names}), got [${shape.map((size) => (size === "" ? "N" : size)).join(", ")}]; list its columns, in their order, as features of the definition`,
    );
}
