import { readdir, readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { digestOf } from "../../runtime/artifacts/digest.ts";
import { BadInput, describeError } from "../../runtime/errors.ts";
import { importOnnx, type ImportedOnnx } from "../../runtime/onnx/import/import-onnx.ts";
import { folderFault, refuseFormat } from "../../runtime/onnx/import/refuse-format.ts";
import { scoreOnnx } from "../../runtime/onnx/score-onnx.ts";
import { scoreDistance, SCORE_TOLERANCE } from "../../runtime/contract/model-card.ts";
import { WrongRequest } from "../wrong-request.ts";
import type { ImportedModel } from "./find-imported-model.ts";
import { readExamples } from "./read-examples.ts";

export interface ModelFile extends ImportedOnnx {
  /** The file as it was given. */
  source: { file: string; digest: string };
  examples: { rows: number; maxAbsoluteDifference: number } | null;
}

/** Above the size of a protobuf message. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * Reads the file of a model, gives it the signature of every model, and compares its scores with those of the examples. Throws a
 * WrongRequest or BadInput that names the file, the rule and the fix.
 */
export async function readModelFile(
  {
    onnx: path,
    examples,
    output,
  }: { onnx: string; examples?: string | undefined; output?: string | undefined },
  { definition, features }: Pick<ImportedModel, "definition" | "features">,
): Promise<ModelFile> {
  return named(path, async () => {
    const { size, isFolder } = await found(path);
    if (isFolder) throw folderFault(await readdir(path));
    if (size > MOST_BYTES) throw new BadInput(`must have less than 2 GiB, got ${size} bytes`);
    const bytes = await readFile(path);
    refuseFormat(bytes);
    const { task } = definition;
    const imported = await importOnnx(bytes, { features, task, output });
    return {
      ...imported,
      source: { file: basename(path), digest: digestOf(bytes) },
      examples:
        examples === undefined
          ? null
          : await named(examples, async () =>
              compared(imported, await readFile(examples, "utf8"), { definition, features }),
            ),
    };
  });
}

/** Scores the examples, and throws BadInput if a score is not the given one. */
async function compared(
  { onnx }: ImportedOnnx,
  text: string,
  { definition, features }: Pick<ImportedModel, "definition" | "features">,
): Promise<NonNullable<ModelFile["examples"]>> {
  const { rows, values, scores } = readExamples(text, features, definition.task);
  const got = await scoreOnnx(onnx, { values, rows, columns: features.length }, 1);
  let worst = 0;
  scores.forEach((expected, i) => {
    const distance = scoreDistance(expected, got[i] ?? NaN);
    if (!(distance <= SCORE_TOLERANCE))
      throw new BadInput(
        `line ${Math.floor(i / (scores.length / rows)) + 2}: the file must score ${expected} to ${SCORE_TOLERANCE}, got ${got[i]}; compare the order of the columns, the codes of categories and missing values with those of its training`,
      );
    worst = Math.max(worst, distance);
  });
  return { rows, maxAbsoluteDifference: worst };
}

async function found(path: string): Promise<{ size: number; isFolder: boolean }> {
  const file = await stat(path).catch((error: unknown) => {
    throw new WrongRequest(`must be a file that can be read, got: ${describeError(error)}`);
  });
  return { size: file.size, isFolder: file.isDirectory() };
}

/** Names the file in an error. */
async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BadInput && !error.message.startsWith("/"))
      throw new BadInput(`${path}: ${error.message}`, { cause: error });
    if (error instanceof WrongRequest) throw new WrongRequest(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
