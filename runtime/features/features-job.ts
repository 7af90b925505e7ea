import { join } from "node:path";
import { z } from "zod";
import { pullArtifact } from "../artifacts/pull-artifact.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { checkDefinition } from "../check-definition.ts";
import { registryEnvSchema } from "../contract/env.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { openDuckDb } from "../duckdb.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { findModel } from "../find-model.ts";
import { withScratch } from "../scratch.ts";
import { openTables, viewsOf, writeFeatureTable } from "./feature-table.ts";

const flagsSchema = z.strictObject({
  workload: z.string(),
  model: z.string(),
  /** `definitionDigest` of the caller's model. @default - any */
  definition: z.string().optional(),
  dataset: artifactReferenceSchema,
});

/** `features --workload W --model M [--definition D] --dataset REF`: makes the point-in-time feature table of one model. */
export const featuresJob: Job = async ({ args, env, workloads }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, registryEnvSchema);
  const workload = await workloads.load(flags.workload);
  const model = findModel(workload, flags.model);
  checkDefinition(workload, model.name, flags.definition);
  const registry = await connectRegistry(settings);
  return withScratch(async (scratch) => {
    const dataset = join(scratch, "dataset");
    await pullArtifact(registry, flags.dataset, dataset, "dataset");
    const db = await openDuckDb({ threads: await cpuLimit(), scratch });
    try {
      const tables = new Set([...model.tables, ...viewsOf(workload, model).flatMap((view) => view.tables)]);
      await openTables(db, dataset, [...tables]);
      const manifest = await writeFeatureTable(db, workload, model, flags.dataset, scratch);
      const artifact = await pushArtifact(registry, {
        repository: artifactRepository(workload.name, "features", model.name),
        kind: "features",
        directory: scratch,
        files: ["features.json", "features.parquet"],
      });
      const summary = { features: manifest.features.length, ...manifest.rows };
      return { job: "features", artifact, summary };
    } finally {
      db.close();
    }
  });
};
