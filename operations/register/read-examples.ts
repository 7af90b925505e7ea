import type { Feature } from "../../runtime/contract/feature.ts";
import type { Task } from "../../runtime/contract/task.ts";
import { BadInput } from "../../runtime/errors.ts";
import { ONNX_OUTPUTS } from "../../runtime/onnx/model-signature.ts";
import { parseCsv } from "./parse-csv.ts";

/** Rows and the scores that a model must give for them, both row-major. */
export interface GivenExamples {
  rows: number;
  values: Float32Array;
  scores: Float64Array;
}

const MISSING: readonly string[] = ["", "NA", "null", "NaN"];

/** Returns the columns of scores of an examples file. */
function scoreColumns(task: Task): readonly string[] {
  if (task.kind === "multiclass") return task.classes ?? [];
  return [ONNX_OUTPUTS[task.kind === "binary" ? "binary" : "number"]];
}

/**
 * Reads examples from CSV with the names of the columns in the first line: one for each feature (a category by its name or its code), and
 * the score: `probability`, or `prediction`, or one for each class. Other columns are ignored. Throws BadInput with the line.
 */
export function readExamples(text: string, features: readonly Feature[], task: Task): GivenExamples {
  const [header = [], ...lines] = parseCsv(text);
  const wanted = [...features.map(({ name }) => name), ...scoreColumns(task)];
  const absent = wanted.filter((name) => !header.includes(name));
  if (absent.length > 0)
    throw new BadInput(
      `first line must name the columns ${wanted.join(", ")}, got none of the name ${absent.join(", ")}`,
    );
  if (lines.length === 0) throw new BadInput("must have rows, got the first line alone");
  const number = (cell: string, name: string, line: number): number => {
    const value = Number(cell);
    if (cell.trim() === "" || Number.isNaN(value))
      throw new BadInput(`line ${line + 2}: ${name} must be a number, got ${JSON.stringify(cell)}`);
    return value;
  };
  const cell = (line: readonly string[], name: string): string => line[header.indexOf(name)] ?? "";
  return {
    rows: lines.length,
    values: Float32Array.from(
      lines.flatMap((line, at) =>
        features.map(({ name, categories }) => {
          const content = cell(line, name);
          if (MISSING.includes(content)) return NaN;
          const code = categories?.indexOf(content) ?? -1;
          return code >= 0 ? code : number(content, name, at);
        }),
      ),
    ),
    scores: Float64Array.from(
      lines.flatMap((line, at) => scoreColumns(task).map((name) => number(cell(line, name), name, at))),
    ),
  };
}
