import { z } from "zod";
import { pullArtifact } from "../artifacts/pull-artifact.ts";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { registryEnvSchema } from "../contract/env.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { openDuckDb } from "../duckdb.ts";
import { BadInput } from "../errors.ts";
import { readFeatureTable } from "../features/read-feature-table.ts";
import type { FeatureRows } from "../features/read-feature-table.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { withScratch } from "../scratch.ts";
import { httpClient } from "./http-client.ts";
import { replay, spread } from "./replay.ts";

const flagsSchema = z.strictObject({
  features: artifactReferenceSchema,
  month: z.coerce.number().int().min(1).max(12),
  rows: z.coerce.number().int().min(1).default(5000),
  url: z.url(),
  /** Rows per second at most. */
  rate: z.coerce.number().positive().default(1000),
  /** Rows per request. */
  batch: z.coerce.number().int().min(1).max(1000).default(50),
});

const PROGRESS_MS = 2000;

/**
 * `slipway replay --features REF --month N --url URL [--rows 5000] [--rate 1000] [--batch 50]`: sends real rows of a
 * month, spread evenly over it, through a service, as its users of that month would have.
 */
export const replayJob: Job = async ({ args, env: rawEnv, log, signal }) => {
  const flags = parseFlags(args, flagsSchema);
  const env = parseEnv(rawEnv, registryEnvSchema);
  const registry = await connectRegistry(env);
  const table = await withScratch(async (scratch): Promise<FeatureRows> => {
    await pullArtifact(registry, flags.features, scratch, "features");
    const db = await openDuckDb({ threads: await cpuLimit() });
    try {
      return await readFeatureTable(db, scratch, { month: flags.month });
    } finally {
      db.close();
    }
  });
  if (table.rows === 0) throw new BadInput(`${flags.features}: has no rows of month ${flags.month}`);
  const features = table.manifest.features.map(({ name }) => name);
  const values = spread(table.values, features.length, flags.rows);
  const total = values.length / features.length;
  const http = httpClient({ url: flags.url });
  let toldMs = performance.now();
  const done = await replay({
    http,
    model: table.manifest.model,
    features,
    values,
    rate: flags.rate,
    batch: flags.batch,
    signal,
    onProgress: ({ rows, failures }) => {
      if (performance.now() - toldMs < PROGRESS_MS) return;
      toldMs = performance.now();
      log.info("progress", { rows, of: total, failures });
    },
  }).finally(() => http.close());
  const { rows, requests, failures, seconds, meanScore } = done;
  return {
    job: "replay",
    summary: {
      month: flags.month,
      rows,
      requests,
      failures,
      seconds: Math.round(seconds * 10) / 10,
      meanScore: meanScore === null ? null : Math.round(meanScore * 1e4) / 1e4,
    },
  };
};
