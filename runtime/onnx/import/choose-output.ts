import type { Task } from "../../contract/task.ts";
import { BadInput } from "../../errors.ts";
import { ONNX_OUTPUTS } from "../model-signature.ts";
import type { OnnxFile, OnnxFileNode } from "./onnx-file.ts";

/** The value of a graph that holds the scores. */
export interface ChosenOutput {
  /** Name of the tensor. */
  value: string;
  /** ZipMap that turned the tensor into the output of the file; it is left out. */
  zipMap?: OnnxFileNode;
}

const FLOATS: readonly string[] = ["float32", "float64", "float16"];
const OWN_NAMES: readonly string[] = Object.values(ONNX_OUTPUTS);

/**
 * Chooses the output with the scores: of exports with a label beside probabilities the probabilities, also from before a ZipMap. Throws
 * BadInput if there is none, or if several could be it and `wanted` names none.
 */
export function chooseOutput(
  { outputs, nodes }: Pick<OnnxFile, "outputs" | "nodes">,
  task: Task,
  wanted?: string,
): ChosenOutput {
  const all = outputs.map(({ name }) => name).join(", ") || "none";
  if (wanted !== undefined && !outputs.some(({ name }) => name === wanted))
    throw new BadInput(`--output must be one of ${all}, got ${wanted}`);
  const candidates = outputs.flatMap(({ name, type }): (ChosenOutput & { name: string })[] => {
    if (wanted !== undefined && name !== wanted) return [];
    const zipMap = nodes.find((node) => node.opType === "ZipMap" && node.outputs.includes(name));
    const [value] = zipMap?.inputs ?? [];
    if (zipMap !== undefined && value !== undefined) return [{ name, value, zipMap }];
    const isNumber =
      FLOATS.includes(type) || (task.kind !== "binary" && task.kind !== "multiclass" && /^int/.test(type));
    return isNumber || (wanted !== undefined && type !== "map") ? [{ name, value: name }] : [];
  });
  const [first, second] = candidates;
  if (first === undefined)
    throw new BadInput(
      `outputs must have ${task.kind === "binary" || task.kind === "multiclass" ? "probabilities, as float32" : "a number, as float32"}, got ${outputs.map(({ name, type }) => `${name} (${type})`).join(", ") || "none"}; export the model with them, such as predict_proba in place of predict`,
    );
  if (second === undefined) return first;
  const named =
    candidates.find(({ name }) => OWN_NAMES.includes(name)) ??
    only(candidates.filter(({ name }) => /prob/i.test(name)));
  if (named !== undefined) return named;
  throw new BadInput(`outputs must have one with the scores, got ${all}; name it with --output`);
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
