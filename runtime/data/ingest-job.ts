import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openArtifact } from "../artifacts/open-artifact.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { readStepDefinition } from "../artifacts/read-step-definition.ts";
import { connectRegistry, type RegistryClient } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema, formatArtifactReference } from "../contract/artifact-reference.ts";
import { registryEnvSchema } from "../contract/env.ts";
import { cpuLimit } from "../cpu-limit.ts";
import { openDuckDb } from "../duckdb.ts";
import { Corrupt, NotFound } from "../errors.ts";
import { isRemote } from "../contract/source.ts";
import { LATEST } from "../contract/moving-tags.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { withScratch } from "../scratch.ts";
import { ingest } from "./ingest.ts";
import type { EarlierDataset } from "./ingest-folders.ts";
import { readDataset } from "../artifacts/pull-tables.ts";

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
    const source = join(scratch, "source");
    const sourceArtifact = await openArtifact(registry, flags.source, "source");
    const pull = (names: readonly string[]): Promise<void> => sourceArtifact.pull(names, source);
    // A package is one file, whose members are known only after it is read.
    if (definition.source.kind === "python-package") await pull([definition.source.file]);
    if (isRemote(definition.source)) await pull(["source.json"]);
    const repository = artifactRepository(definition.workload, "dataset");
    const earlier = await newestDataset(registry, repository);
    const db = await openDuckDb({ threads: await cpuLimit(), scratch });
    try {
      const manifest = await ingest(db, definition, {
        source,
        directory: scratch,
        ...(definition.source.kind === "python-package" ? {} : { bringSource: pull }),
        earlier,
      });
      log.info("validated", { tables: manifest.tables.map(({ name, rows }) => ({ name, rows })) });
      const partitions = manifest.tables.flatMap((table) => table.partitions);
      const written = partitions.filter(({ file }) => existsSync(join(scratch, file)));
      const artifact = await pushArtifact(registry, {
        repository,
        kind: "dataset",
        directory: scratch,
        files: ["dataset.json", ...written.map(({ file }) => file)],
        present: partitions
          .filter((partition) => !written.includes(partition))
          .map(({ file: name, digest, size }) => ({ name, digest, size })),
      });
      const rows = Object.fromEntries(manifest.tables.map((table) => [table.name, table.rows]));
      const summary = { ...rows, partitions: partitions.length, written: written.length };
      return { job: "ingest", artifact, summary };
    } finally {
      db.close();
    }
  });
};

/** Returns the newest data set of a repository, whose partitions may be taken; undefined if there is none that this code can read. */
async function newestDataset(
  registry: RegistryClient,
  repository: string,
): Promise<EarlierDataset | undefined> {
  const digest = await registry.resolveTag(repository, LATEST);
  if (digest === undefined) return undefined;
  const reference = formatArtifactReference({ repository, digest });
  try {
    const manifest = await readDataset(registry, reference);
    return { manifest, bring: (await openArtifact(registry, reference, "dataset")).pull };
  } catch (error) {
    if (error instanceof Corrupt || error instanceof NotFound) return undefined;
    throw error;
  }
}
