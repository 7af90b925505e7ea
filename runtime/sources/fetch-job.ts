import { z } from "zod";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { readStepDefinition } from "../artifacts/read-step-definition.ts";
import { artifactReferenceSchema } from "../contract/artifact-reference.ts";
import { sourceEnvSchema } from "../contract/env.ts";
import { isRemote } from "../contract/source.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { NotFound } from "../errors.ts";
import { withScratch } from "../scratch.ts";
import { fetchRemoteSource } from "./fetch-remote-source.ts";
import { findSource, publishSource } from "./source-artifact.ts";
import { SOURCE_FETCHERS } from "./source-fetchers.ts";

const flagsSchema = z.strictObject({ definition: artifactReferenceSchema });

/**
 * `fetch --definition REF`: downloads the source and pushes it as an artifact. It is the one job that reaches out of the platform. A pinned
 * source that is in the registry is not downloaded again; of a remote source, what has changed is.
 */
export const fetchJob: Job = async ({ args, env, log, signal }) => {
  const flags = parseFlags(args, flagsSchema);
  const settings = parseEnv(env, sourceEnvSchema);
  const registry = await connectRegistry(settings);
  const definition = await readStepDefinition(registry, "fetch", flags.definition);
  const { workload, source } = definition;
  if (isRemote(source)) {
    const secretsFolder = settings.SLIPWAY_SOURCE_SECRETS;
    const request = { workload, source, secretsFolder, env, log, signal };
    const { reference, ...summary } = await fetchRemoteSource(registry, request);
    return { job: "fetch", artifact: reference, summary };
  }
  const owner = { workload, source };
  const known = await findSource(registry, owner);
  if (known !== undefined) return { job: "fetch", artifact: known, summary: { downloaded: false } };
  if (source.kind === "files")
    throw new NotFound(
      `${workload}: the registry must have the files of this source, which npm run train and npm run up push; run one of them again`,
    );
  return withScratch(async (directory) => {
    await SOURCE_FETCHERS[source.kind]({
      workload,
      source,
      directory,
      packageIndex: settings.SLIPWAY_PACKAGE_INDEX,
      log,
      signal,
    });
    const artifact = await publishSource(registry, directory, owner);
    return { job: "fetch", artifact, summary: { downloaded: true } };
  });
};
