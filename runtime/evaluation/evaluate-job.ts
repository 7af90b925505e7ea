import { readFile, writeFile } from "node:fs/promises";
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
import { loadLightGbm } from "../training/lightgbm/lightgbm.ts";
import { findModel } from "../find-model.ts";
import { withScratch } from "../scratch.ts";
import { evaluate } from "./evaluate.ts";

const flagsSchema = z.strictObject({ candidate: artifactReferenceSchema });

/** `evaluate --candidate REF`: scores of the later months, and the gate's verdict. A refused model is no failure of this job. */
export const evaluateJob: Job = async ({ args, env, log, workloads }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, trainerEnvSchema);
  const registry = await connectRegistry(settings);
  return withScratch(async (scratch) => {
    const [candidateFolder, featuresFolder] = [join(scratch, "candidate"), join(scratch, "features")];
    await pullArtifact(registry, flags.candidate, candidateFolder, "candidate");
    const record = trainingRecordSchema.parse(
      JSON.parse(await readFile(join(candidateFolder, "training.json"), "utf8")),
    );
    await pullArtifact(registry, record.features, featuresFolder, "features");
    const threads = await cpuLimit();
    const db = await openDuckDb({ threads, scratch });
    const test = await readFeatureTable(db, featuresFolder, { split: "test", labelled: true });
    db.close();
    const scores = loadLightGbm(settings.SLIPWAY_LIGHTGBM_LIBRARY, threads).predict(
      await readFile(join(candidateFolder, "model.txt"), "utf8"),
      { values: test.values, rows: test.rows, columns: test.manifest.features.length },
    );
    const model = findModel(await workloads.load(record.workload), record.model);
    const references = { candidate: flags.candidate, features: record.features };
    const evaluation = evaluate(model, test, scores, references);
    const { metrics, gate } = evaluation;
    log.info(`gate ${gate.verdict}: ${gate.reason}`, metrics);
    await writeFile(join(scratch, "evaluation.json"), `${JSON.stringify(evaluation, null, 2)}\n`);
    const artifact = await pushArtifact(registry, {
      repository: artifactRepository(record.workload, "evaluation", record.model),
      kind: "evaluation",
      directory: scratch,
      files: ["evaluation.json"],
    });
    const { auc, logLoss, brier, rows } = metrics;
    const summary = { auc, logLoss, brier, rows, gate: gate.verdict, reason: gate.reason.slice(0, 1000) };
    return { job: "evaluate", artifact, summary };
  });
};
