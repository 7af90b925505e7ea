import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { identifier, literal, type DuckDb } from "../../duckdb.ts";
import { BadInput } from "../../errors.ts";
import type { Matrix } from "../../features/matrix.ts";
import { adaptModel } from "../../onnx/adapt-model.ts";
import { scoreOnnx } from "../../onnx/score-onnx.ts";
import {
  TRAINER_FOLDERS,
  TRAINER_INPUTS,
  trainerInputSchema,
  type TrainerInput,
} from "../../contract/trainer-container.ts";
import { checkParity } from "../parity.ts";
import { readOutputFile } from "./read-output-file.ts";
import { checkScores, parseTrainerScores } from "./trainer-scores.ts";

const metricsSchema = z.record(z.string(), z.number());

export interface CollectedModel {
  /** With the input and output of `onnx/model-signature.ts`. */
  onnx: Uint8Array;
  input: TrainerInput;
  metrics: Record<string, number>;
  parity: { rows: number; maxAbsoluteDifference: number };
}

/**
 * Reads what a trainer wrote to `out` in the folder `work`, checks it, and gives the model the signature that all steps know. Throws
 * BadInput with what is wrong and how to mend it, so that nothing half-written is kept.
 */
export async function collectModel(db: DuckDb, work: string, threads: number): Promise<CollectedModel> {
  const inFolder = join(work, TRAINER_FOLDERS.in);
  const out = join(work, TRAINER_FOLDERS.out);
  const input = trainerInputSchema.parse(
    JSON.parse(await readFile(join(inFolder, TRAINER_INPUTS.description), "utf8")),
  );
  const { task } = input;
  const model = await readOutputFile(out, "model");
  if (model === undefined || model.length === 0)
    throw new BadInput(
      `train.py: must write out/model.onnx, ${model === undefined ? "wrote none" : "wrote an empty file"} and ended with exit code 0`,
    );
  const check = await readCheckRows(db, join(inFolder, TRAINER_INPUTS.check), input);
  const onnx = await adaptModel(model, { features: input.features, task, sample: check });
  const scores = await scoreOnnx(onnx, check, threads);
  checkScores(scores, task);
  await checkOneRow(onnx, check, scores);
  const text = await readOutputFile(out, "scores");
  if (text === undefined)
    throw new BadInput(
      "train.py: must write out/scores.json, the scores of in/check.parquet by its own library, wrote none; " +
        "they prove that model.onnx scores the same: json.dump(model.predict_proba(check).tolist(), file)",
    );
  const own = parseTrainerScores(text.toString(), task, check.rows);
  const parity = { rows: check.rows, maxAbsoluteDifference: checkParity(own, scores) };
  return { onnx, input, metrics: parseMetrics(await readOutputFile(out, "metrics")), parity };
}

/** A server scores single rows too: a graph with a number of rows in it would fail there. */
async function checkOneRow(onnx: Uint8Array, check: Matrix, scores: Float32Array): Promise<void> {
  const first = { ...check, values: check.values.subarray(0, check.columns), rows: 1 };
  const one = await scoreOnnx(onnx, first, 1).catch((error: unknown) => {
    throw new BadInput(
      `model.onnx: must score any number of rows, fails for one: ${error instanceof Error ? error.message : String(error)}; ` +
        "export it with a first dimension that is not fixed",
      { cause: error },
    );
  });
  checkParity(scores.subarray(0, one.length), one);
}

async function readCheckRows(db: DuckDb, path: string, { features }: TrainerInput): Promise<Matrix> {
  const columns = features.length;
  const rows = await db.number(`SELECT count(*) FROM read_parquet(${literal(path)})`);
  const values = new Float32Array(rows * columns);
  const names = features.map(({ name }) => identifier(name)).join(", ");
  await db.chunks(`SELECT ${names} FROM read_parquet(${literal(path)})`, (chunk, firstRow) => {
    for (let column = 0; column < columns; column++)
      chunk[column]!.forEach((value, i) => {
        values[(firstRow + i) * columns + column] = (value as number | null) ?? NaN;
      });
  });
  return { values, rows, columns };
}

function parseMetrics(bytes: Buffer | undefined): Record<string, number> {
  if (bytes === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    value = undefined;
  }
  const parsed = metricsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadInput(
    'train.py: out/metrics.json must be an object of finite numbers, such as {"auc": 0.8}; leave it out if there are none',
  );
}
