import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { pullArtifact } from "../artifacts/pull-artifact.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { trainerEnvSchema } from "../contract/env.ts";
import { evaluationSchema } from "../contract/evaluation.ts";
import { trainingRecordSchema } from "../contract/training-record.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { openDuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";
import { readFeatureTable } from "../features/read-feature-table.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { loadLightGbm } from "./lightgbm/lightgbm.ts";
import { findModel } from "../find-model.ts";
import { withScratch } from "../scratch.ts";
import { MODEL_FILES, packageModel, refuseUnlessPassed } from "./package-model.ts";

const flagsSchema = z.strictObject({ candidate: artifactReferenceSchema, evaluation: artifactReferenceSchema });

/** `package --candidate REF --evaluation REF`: candidate to model artifact, or a refusal. */
export const packageJob: Job = async ({ args, env, workloads }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, trainerEnvSchema);
  const registry = await connectRegistry(settings);
  return withScratch(async (scratch) => {
    const folder = (name: string): string => join(scratch, name);
    const text = (path: string): Promise<string> => readFile(folder(path), "utf8");
    await pullArtifact(registry, flags.evaluation, folder("evaluation"), "evaluation");
    const evaluation = evaluationSchema.parse(JSON.parse(await text("evaluation/evaluation.json")));
    refuseUnlessPassed(evaluation); // before anything large is pulled
    await pullArtifact(registry, flags.candidate, folder("candidate"), "candidate");
    const training = trainingRecordSchema.parse(JSON.parse(await text("candidate/training.json")));
    if (evaluation.candidate !== flags.candidate)
      throw new BadInput(
        `package: --evaluation must judge ${flags.candidate}, it judges ${evaluation.candidate}`,
      );
    await pullArtifact(registry, training.features, folder("features"), "features");
    const threads = await cpuLimit();
    const db = await openDuckDb({ threads, scratch });
    const train = await readFeatureTable(db, folder("features"), { split: "train", labelled: true });
    const test = await readFeatureTable(db, folder("features"), { split: "test", labelled: true });
    db.close();
    const card = await packageModel({
      definition: findModel(await workloads.load(training.workload), training.model),
      booster: await text("candidate/model.txt"),
      training,
      evaluation,
      evaluationReference: flags.evaluation,
      train,
      test,
      library: loadLightGbm(settings.SLIPWAY_LIGHTGBM_LIBRARY, threads),
      threads,
      directory: scratch,
    });
    const artifact = await pushArtifact(registry, {
      repository: artifactRepository(training.workload, "model", training.model),
      kind: "model",
      directory: scratch,
      files: MODEL_FILES,
      annotations: { "org.opencontainers.image.description": card.description },
    });
    const { rows, maxAbsoluteDifference } = card.parity;
    return {
      job: "package",
      artifact,
      summary: { auc: card.metrics.auc, parity: maxAbsoluteDifference, rows },
    };
  });
};
