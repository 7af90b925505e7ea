import { join } from "node:path";
import { z } from "zod";
import { pullArtifact } from "../artifacts/pull-artifact.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { readStepDefinition } from "../artifacts/read-step-definition.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { registryEnvSchema } from "../contract/env.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { openDuckDb } from "../duckdb.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { withScratch } from "../scratch.ts";
import { ingest } from "./ingest.ts";

const flagsSchema = z.strictObject({
  definition: artifactReferenceSchema,
  source: artifactReferenceSchema,
});

/** `ingest --definition REF --source REF`: source package to validated data set. */
export const ingestJob: Job = async ({ args, env, log }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, registryEnvSchema);
  const registry = await connectRegistry(settings);
  const definition = await readStepDefinition(registry, "ingest", flags.definition);
  return withScratch(async (scratch) => {
    const sourceFolder = join(scratch, "source");
    await pullArtifact(registry, flags.source, sourceFolder, "source");
    const db = await openDuckDb({ threads: await cpuLimit(), scratch });
    try {
      const manifest = await ingest(db, definition, sourceFolder, scratch);
      log.info("validated", { tables: manifest.tables.map(({ file, rows }) => ({ file, rows })) });
      const artifact = await pushArtifact(registry, {
        repository: artifactRepository(definition.workload, "dataset"),
        kind: "dataset",
        directory: scratch,
        files: ["dataset.json", ...manifest.tables.map(({ file }) => file)],
      });
      const rows = Object.fromEntries(
        manifest.tables.map((table) => [table.file.replace(".parquet", ""), table.rows]),
      );
      return { job: "ingest", artifact, summary: rows };
    } finally {
      db.close();
    }
  });
};
