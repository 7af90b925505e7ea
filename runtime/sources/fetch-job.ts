import { join } from "node:path";
import { z } from "zod";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { checkDefinition } from "../check-definition.ts";
import { sourceEnvSchema } from "../contract/env.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { withScratch } from "../scratch.ts";
import { findSource, publishSource } from "./source-artifact.ts";
import { SOURCE_FETCHERS } from "./source-fetchers.ts";

const flagsSchema = z.strictObject({
  workload: z.string(),
  /** `definitionDigest` of the caller's workload. @default - any */
  definition: z.string().optional(),
});

/**
 * `fetch --workload W [--definition D]`: downloads the pinned source and pushes it as an artifact. It is the one job that reaches out
 * of the platform. A source that is in the registry is not downloaded again.
 */
export const fetchJob: Job = async ({ args, env, log, signal, workloads }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, sourceEnvSchema);
  const workload = await workloads.load(flags.workload);
  checkDefinition(workload, undefined, flags.definition);
  const registry = await connectRegistry(settings);
  const known = await findSource(registry, workload);
  if (known !== undefined) return { job: "fetch", artifact: known, summary: { downloaded: false } };
  const { name, source } = workload;
  return withScratch(async (directory) => {
    await SOURCE_FETCHERS[source.kind ?? "python-package"]({
      workload: name,
      source,
      directory,
      packageIndex: settings.SLIPWAY_PACKAGE_INDEX,
      log,
      signal,
    });
    const artifact = await publishSource(registry, join(directory, source.file), workload);
    return { job: "fetch", artifact, summary: { downloaded: true } };
  });
};
