import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { pullArtifact } from "../artifacts/pull-artifact.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { trainerEnvSchema } from "../contract/env.ts";
import { trainingRecordSchema } from "../contract/training-record.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { openDuckDb } from "../duckdb.ts";
import { readFeatureTable } from "../features/read-feature-table.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { loadLightGbm } from "./lightgbm/lightgbm.ts";
import { findModel } from "../find-model.ts";
import { withScratch } from "../scratch.ts";
import { TRAINER, lightGbmParams, train } from "./train.ts";

const flagsSchema = z.strictObject({ features: artifactReferenceSchema });

/** `train --features REF`: feature table to booster. */
export const trainJob: Job = async ({ args, env, log, signal, workloads }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, trainerEnvSchema);
  const registry = await connectRegistry(settings);
  return withScratch(async (scratch) => {
    const folder = join(scratch, "features");
    await pullArtifact(registry, flags.features, folder, "features");
    const threads = await cpuLimit();
    const db = await openDuckDb({ threads, scratch });
    const rows = await readFeatureTable(db, folder, { split: "train", labelled: true });
    db.close();
    const { manifest } = rows;
    const { trainer } = findModel(await workloads.load(manifest.workload), manifest.model);
    log.info("training", { rows: rows.rows, features: manifest.features.length, threads });
    const library = loadLightGbm(settings.SLIPWAY_LIGHTGBM_LIBRARY, threads);
    const started = performance.now();
    const model = train(library, rows, trainer, (done) => {
      signal.throwIfAborted();
      if (done % 50 === 0) log.info("progress", { trees: done, of: trainer.trees });
    });
    const seconds = Math.round(performance.now() - started) / 1000;
    const record = trainingRecordSchema.parse({
      schemaVersion: 1,
      workload: manifest.workload,
      model: manifest.model,
      trainer: TRAINER,
      features: flags.features,
      params: { ...lightGbmParams(trainer, manifest.features), num_iterations: trainer.trees },
      seed: trainer.seed,
      codeRevision: settings.SLIPWAY_REVISION,
      rows: rows.rows,
    });
    await writeFile(join(scratch, "model.txt"), model);
    await writeFile(join(scratch, "training.json"), `${JSON.stringify(record, null, 2)}\n`);
    const artifact = await pushArtifact(registry, {
      repository: artifactRepository(manifest.workload, "candidate", manifest.model),
      kind: "candidate",
      directory: scratch,
      files: ["model.txt", "training.json"],
    });
    return { job: "train", artifact, summary: { rows: rows.rows, trees: trainer.trees, seconds } };
  });
};
