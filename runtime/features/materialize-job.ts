import { join } from "node:path";
import { z } from "zod";
import { readStepDefinition } from "../artifacts/read-step-definition.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { featureStoreEnvSchema, registryEnvSchema } from "../contract/env.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { pullTables } from "../artifacts/pull-tables.ts";
import { openDuckDb } from "../duckdb.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { withScratch } from "../scratch.ts";
import { openTables } from "./feature-table.ts";
import { materialize } from "./materialize.ts";
import { connectOnlineStore } from "./online-store.ts";

const flagsSchema = z.strictObject({
  definition: artifactReferenceSchema,
  dataset: artifactReferenceSchema,
  "as-of": z.iso.datetime("must be a UTC time such as 2013-12-30T12:00:00Z").optional(),
});
const envSchema = registryEnvSchema.extend(featureStoreEnvSchema.shape);

/**
 * `materialize --definition REF --dataset REF [--as-of TIME]`: writes the latest values of every entity to the online store.
 * The default time is the workload's `asOf`, or else the present.
 */
export const materializeJob: Job = async ({ args, env, log }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, envSchema);
  const registry = await connectRegistry(settings);
  const {
    workload,
    views,
    asOf: defined,
  } = await readStepDefinition(registry, "materialize", flags.definition);
  const asOf = new Date(flags["as-of"] ?? defined ?? Date.now());
  return withScratch(async (scratch) => {
    const dataset = join(scratch, "dataset");
    const names = new Set(views.flatMap((view) => view.tables));
    const tables = await pullTables(registry, flags.dataset, names, dataset);
    const db = await openDuckDb({ threads: await cpuLimit(), scratch });
    const store = connectOnlineStore(settings, workload, { timeoutMs: 30_000 });
    try {
      await openTables(db, dataset, tables);
      const summary: Record<string, string | number> = { asOf: asOf.toISOString() };
      for (const view of views) {
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
