import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { pullArtifact } from "../../artifacts/pull-artifact.ts";
import { readStepDefinition } from "../../artifacts/read-step-definition.ts";
import { connectRegistry } from "../../artifacts/registry-client.ts";
import { artifactReferenceSchema } from "../../contract/artifact-reference.ts";
import { registryEnvSchema } from "../../contract/env.ts";
import { TRAINER_FOLDERS } from "../../contract/trainer-container.ts";
import { cpuLimit } from "../../cpu-limit.ts";
import { openDuckDb } from "../../duckdb.ts";
import { BadInput } from "../../errors.ts";
import { readFeatureManifest } from "../../features/read-feature-table.ts";
import { parseEnv, parseFlags, type Job } from "../../job.ts";
import { withScratch } from "../../scratch.ts";
import { writeTrainerInput } from "./write-trainer-input.ts";

const flagsSchema = z.strictObject({
  definition: artifactReferenceSchema,
  features: artifactReferenceSchema,
  /** Folder in which the folders of the trainer's container are. */
  work: z.string().default("/"),
});

/**
 * `prepare-training --definition REF --features REF`: writes what a trainer's container reads: the folders `in` and `trainer` of
 * `contract/trainer-container.ts`. It runs before that container, which reaches no registry.
 */
export const prepareTrainingJob: Job = async ({ args, env, log }) => {
  const { definition: reference, features, work } = parseFlags(args, flagsSchema);
  const registry = await connectRegistry(parseEnv(env, registryEnvSchema));
  const threads = await cpuLimit();
  return withScratch(async (scratch) => {
    const table = join(scratch, "features");
    await pullArtifact(registry, features, table, "features");
    const { workload, model } = await readFeatureManifest(table);
    const definition = await readStepDefinition(registry, "train", reference, { workload, model });
    const { trainer } = definition.model;
    if (trainer.kind !== "python")
      throw new BadInput(`prepare-training: must be given a Python trainer, got ${trainer.kind}`);
    const pulled = join(scratch, "definition");
    await pullArtifact(registry, reference, pulled, "definition");
    for (const { name } of trainer.files ?? []) {
      const target = join(work, TRAINER_FOLDERS.program, name);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(pulled, TRAINER_FOLDERS.program, name), target);
    }
    const db = await openDuckDb({ threads, scratch });
    try {
      const input = await writeTrainerInput(db, table, join(work, TRAINER_FOLDERS.in), trainer);
      log.info("prepared", { rows: input.rows, checkRows: input.checkRows, features: input.features.length });
    } finally {
      db.close();
    }
    return undefined;
  });
};
