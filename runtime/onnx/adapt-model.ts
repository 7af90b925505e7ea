import type { LearntTask } from "../contract/task.ts";
import { BadInput } from "../errors.ts";
import type { Matrix } from "../features/matrix.ts";
import { adaptInput, type InputFeature } from "./adapt-input.ts";
import { chooseOutput, shapeOutput } from "./adapt-output.ts";
import { parseGraphFile, writeGraphFile, type GraphFile } from "./graph-file.ts";
import { outputSizes } from "./score-onnx.ts";

/**
 * Returns a model with the one input and the one output of `model-signature.ts`, from an ONNX file of any program. Throws BadInput with
 * the rule, the value and how to export it, for a file that cannot be had so.
 *
 * @param sample - some rows, on which the model is run to see what it gives
 */
export async function adaptModel(
  bytes: Uint8Array,
  { features, task, sample }: { features: readonly InputFeature[]; task: LearntTask; sample: Matrix },
): Promise<Uint8Array> {
  let file: GraphFile;
  try {
    file = parseGraphFile(bytes);
  } catch (error) {
    throw new BadInput(`model.onnx: must be an ONNX file: ${messageOf(error)}`, { cause: error });
  }
  const external = file.constants.find((constant) => constant.external);
  if (external !== undefined)
    throw new BadInput(
      `model.onnx: must hold its weights, but has ${external.name} in another file; export it with external data off ` +
        "(PyTorch: external_data=False)",
    );
  const chosen = chooseOutput(adaptInput(file, features), task);
  const sizes = await sizesOfScores(writeGraphFile(chosen), sample);
  return writeGraphFile(shapeOutput(chosen, task, sizes, sample.rows));
}

async function sizesOfScores(onnx: Uint8Array, sample: Matrix): Promise<readonly number[]> {
  return outputSizes(onnx, sample).catch((error: unknown) => {
    throw new BadInput(
      `model.onnx: onnxruntime must be able to run it on ${sample.rows} rows: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
