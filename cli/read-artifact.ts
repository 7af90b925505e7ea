import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { manifestFiles } from "../runtime/artifacts/manifest.ts";
import { readManifest } from "../runtime/artifacts/pull-artifact.ts";
import type { RegistryClient } from "../runtime/artifacts/registry-client.ts";
import { parseArtifactReference } from "../runtime/contract/artifact-reference.ts";

/** Reads one JSON file of an artifact, verified by digest and parsed by its schema. */
export async function readArtifactFile<T extends z.ZodType>(
  registry: RegistryClient,
  reference: string,
  name: string,
  schema: T,
): Promise<z.infer<T>> {
  const file = manifestFiles(await readManifest(registry, reference)).find(
    (candidate) => candidate.name === name,
  );
  if (file === undefined) throw new Error(`${reference} has no file ${name}`);
  const folder = await mkdtemp(join(tmpdir(), "slipway-artifact-"));
  try {
    const path = join(folder, "file");
    await registry.pullBlob(parseArtifactReference(reference).repository, file, path);
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
