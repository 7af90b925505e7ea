import { z } from "zod";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { registryEnvSchema } from "../contract/env.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { pullFeatureRows } from "../features/pull-feature-rows.ts";
import type { ReadFeatureTableOptions } from "../features/read-feature-table.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { httpClient } from "./http-client.ts";
import { replayRows, spread } from "./replay-rows.ts";

const flagsSchema = z.strictObject({
  features: artifactReferenceSchema,
  /** Rows whose prediction is at this time or later, spread evenly, of training too. @default - test rows, selected by `take` */
  from: z.coerce.date().optional(),
  /** Rows whose prediction is before this time. */
  to: z.coerce.date().optional(),
  /** Test rows to send: the newest, or the first ones after the training rows. */
  take: z.enum(["newest", "first"]).default("newest"),
  rows: z.coerce.number().int().min(1).default(5000),
  url: z.url(),
  /** Greatest number of rows per second. */
  rate: z.coerce.number().positive().default(1000),
  /** Rows per request. */
  batch: z.coerce.number().int().min(1).max(1000).default(50),
});

const PROGRESS_MS = 2000;

/**
 * `slipway replay --features REF --url URL [--rows 5000] [--take newest|first] [--from TIME] [--to TIME] [--rate 1000] [--batch 50]`: sends
 * real rows to a service, as its users would: test rows, which training did not use, or all rows of a span of time. If there are fewer
 * rows than `rows`, it sends all of them.
 */
export const replayJob: Job = async ({ args, env: rawEnv, log, signal }) => {
  const flags = parseFlags(args, flagsSchema);
  const env = parseEnv(rawEnv, registryEnvSchema);
  const registry = await connectRegistry(env);
  const { from, to, take } = flags;
  const spans = from !== undefined || to !== undefined;
  const part: ReadFeatureTableOptions = spans ? { from, to } : { split: "test", [take]: flags.rows };
  const [table] = await pullFeatureRows(registry, flags.features, await cpuLimit(), [part]);
  if (table.rows === 0)
    log.warn(`no ${spans ? "rows of that time" : "test rows"} in ${flags.features}: nothing was sent`);
  const features = table.manifest.features.map(({ name }) => name);
  const values = spread(table.values, features.length, flags.rows);
  const total = values.length / features.length;
  const http = httpClient({ url: flags.url });
  let toldMs = performance.now();
  const done = await replayRows({
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
      rows,
      requests,
      failures,
      seconds: Math.round(seconds * 10) / 10,
      meanScore: meanScore === null ? null : Math.round(meanScore * 1e4) / 1e4,
    },
  };
};
