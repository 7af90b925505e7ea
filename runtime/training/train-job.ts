import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { digestOf } from "../artifacts/digest.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { readStepDefinition } from "../artifacts/read-step-definition.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { trainerEnvSchema } from "../contract/env.ts";
import { definitionDigest } from "../contract/step-definition.ts";
import { trainingRecordSchema } from "../contract/training-record.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { BadInput } from "../errors.ts";
import { toMatrix } from "../features/matrix.ts";
import { pullFeatureRows } from "../features/pull-feature-rows.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { scoreOnnx } from "../onnx/score-onnx.ts";
import { withScratch } from "../scratch.ts";
import { lightGbmTrainer } from "./lightgbm/lightgbm-trainer.ts";
import { checkParity } from "./parity.ts";
import { collectTrained } from "./python/collect-trained.ts";

const flagsSchema = z.strictObject({
  definition: artifactReferenceSchema,
  features: artifactReferenceSchema,
  /** Image of the container that has trained. @default - this job trains */
  image: z.string().optional(),
  /** Folder with the folders `in` and `out` of that container. */
  work: z.string().default("/"),
});

/**
 * `train --definition REF --features REF`: trains a candidate on a feature table. The candidate is pushed only if its `model.onnx` scores every test
 * row like the trainer's own library.
 */
export const trainJob: Job = async ({ args, env, log, signal }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, trainerEnvSchema);
  const registry = await connectRegistry(settings);
  const asked = await readStepDefinition(registry, "train", flags.definition);
  if (asked.model.trainer.kind === "python")
    return collectTrained({ ...flags, registry, log, codeRevision: settings.SLIPWAY_REVISION });
  const threads = await cpuLimit();
  const [rows, test] = await pullFeatureRows(registry, flags.features, threads, [
    { split: "train", labelled: true },
    { split: "test", labelled: true },
  ]);
  const { workload, model: name, features } = rows.manifest;
  const definition = await readStepDefinition(registry, "train", flags.definition, { workload, model: name });
  const { trainer: params } = definition.model;
  if (params.kind === "import")
    throw new BadInput(
      `${workload}/${name}: trainer "import" takes a finished file, so that nothing trains it: npm run register -- --model ${name} --onnx FILE`,
    );
  if (params.kind !== "lightgbm")
    throw new BadInput(`train: must be given a trainer that it has, got ${params.kind}`);
  const trainer = lightGbmTrainer(settings.SLIPWAY_LIGHTGBM_LIBRARY);
  log.info("training", { trainer: trainer.name, rows: rows.rows, features: features.length, threads });
  const started = performance.now();
  const onProgress = (done: number, of: number): void => {
    if (done % 50 === 0) log.info("progress", { trees: done, of });
  };
  const trained = await trainer.train({ rows, params, threads, signal, onProgress });
  const seconds = Math.round(performance.now() - started) / 1000;
  const parity = checkParity(
    trained.score(toMatrix(test)),
    await scoreOnnx(trained.onnx, toMatrix(test), threads),
  );
  const record = trainingRecordSchema.parse({
    schemaVersion: 1,
    workload,
    model: name,
    trainer: { name: trainer.name, version: trainer.version },
    definitions: { ...rows.manifest.definitions, train: definitionDigest(definition) },
    features: flags.features,
    params: trained.params,
    seed: params.seed,
    codeRevision: settings.SLIPWAY_REVISION,
    rows: rows.rows,
    onnx: digestOf(trained.onnx),
    parity: { rows: test.rows, maxAbsoluteDifference: parity },
  });
  return withScratch(async (scratch) => {
    const files: Record<string, string | Uint8Array> = {
      "model.onnx": trained.onnx,
      [trained.native.file]: trained.native.content,
      "training.json": `${JSON.stringify(record, null, 2)}\n`,
    };
    for (const [file, content] of Object.entries(files)) await writeFile(join(scratch, file), content);
    const artifact = await pushArtifact(registry, {
      repository: artifactRepository(workload, "candidate", name),
      kind: "candidate",
      directory: scratch,
      files: Object.keys(files),
    });
    return { job: "train", artifact, summary: { rows: rows.rows, parity, seconds } };
  });
};
