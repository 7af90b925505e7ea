import { join } from "node:path";
import { z } from "zod";
import { pullArtifact } from "../artifacts/pull-artifact.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { featureStoreEnvSchema, registryEnvSchema } from "../contract/env.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { openDuckDb } from "../duckdb.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { withScratch } from "../scratch.ts";
import { openTables } from "./feature-table.ts";
import { materialize } from "./materialize.ts";
import { connectOnlineStore } from "./online-store.ts";

const flagsSchema = z.strictObject({
  workload: z.string(),
  dataset: artifactReferenceSchema,
  "as-of": z.iso.datetime("must be a UTC time such as 2013-12-30T12:00:00Z").optional(),
});
const envSchema = registryEnvSchema.extend(featureStoreEnvSchema.shape);

/**
 * `materialize --workload W --dataset REF [--as-of TIME]`: writes the latest values of every entity to the online store.
 * The default time is the workload's `asOf`, or else the present.
 */
export const materializeJob: Job = async ({ args, env, log, workloads }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, envSchema);
  const workload = await workloads.load(flags.workload);
  const asOf = new Date(flags["as-of"] ?? workload.asOf ?? Date.now());
  const registry = await connectRegistry(settings);
  return withScratch(async (scratch) => {
    const dataset = join(scratch, "dataset");
    await pullArtifact(registry, flags.dataset, dataset, "dataset");
    const db = await openDuckDb({ threads: await cpuLimit(), scratch });
    const store = connectOnlineStore(settings, workload.name, { timeoutMs: 30_000 });
    try {
      await openTables(db, dataset, [...new Set(workload.views.flatMap(({ tables }) => tables))]);
      const summary: Record<string, string | number> = { asOf: asOf.toISOString() };
      for (const view of workload.views) {
        summary[view.name] = await materialize(db, store, view, asOf);
        log.info("materialized", { view: view.name, entities: summary[view.name] });
      }
      return { job: "materialize", summary };
    } finally {
      await store.close();
      db.close();
    }
  });
};
