import { join } from "node:path";
import { z } from "zod";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { readStepDefinition } from "../artifacts/read-step-definition.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { tablesOf } from "../contract/model-definition.ts";
import { registryEnvSchema } from "../contract/env.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { pullTables } from "../artifacts/pull-tables.ts";
import { openDuckDb } from "../duckdb.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { withScratch } from "../scratch.ts";
import { openTables, writeFeatureTable } from "./feature-table.ts";

const flagsSchema = z.strictObject({
  definition: artifactReferenceSchema,
  dataset: artifactReferenceSchema,
});

/** `features --definition REF --dataset REF`: makes the point-in-time feature table of one model. */
export const featuresJob: Job = async ({ args, env }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, registryEnvSchema);
  const registry = await connectRegistry(settings);
  const definition = await readStepDefinition(registry, "features", flags.definition);
  const { workload, model, views } = definition;
  return withScratch(async (scratch) => {
    const dataset = join(scratch, "dataset");
    const names = new Set([...tablesOf(model), ...views.flatMap((view) => view.tables)]);
    const tables = await pullTables(registry, flags.dataset, names, dataset);
    const db = await openDuckDb({ threads: await cpuLimit(), scratch });
    try {
      await openTables(db, dataset, tables);
      const manifest = await writeFeatureTable(db, definition, flags.dataset, scratch);
      const artifact = await pushArtifact(registry, {
        repository: artifactRepository(workload, "features", model.name),
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
