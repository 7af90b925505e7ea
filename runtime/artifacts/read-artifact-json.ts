import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { manifestFiles } from "./manifest.ts";
import { readManifest } from "./pull-artifact.ts";
import type { RegistryClient } from "./registry-client.ts";
import type { ArtifactKind } from "../contract/artifact-kind.ts";
import { parseArtifactReference } from "../contract/artifact-reference.ts";
import { Corrupt } from "../errors.ts";
import { withScratch } from "../scratch.ts";

/** Reads one JSON file of an artifact without pulling the others. Throws Corrupt if it is missing or does not fit its schema. */
export async function readArtifactJson<T extends z.ZodType>(
  registry: RegistryClient,
  reference: string,
  kind: ArtifactKind,
  name: string,
  schema: T,
): Promise<z.infer<T>> {
  const files = manifestFiles(await readManifest(registry, reference, kind));
  const file = files.find((each) => each.name === name);
  if (file === undefined)
    throw new Corrupt(`${reference}: must hold ${name}, has ${files.map((each) => each.name).join(", ")}`);
  return withScratch(async (directory) => {
    const path = join(directory, "file");
    await registry.pullBlob(parseArtifactReference(reference).repository, file, path);
    const parsed = schema.safeParse(JSON.parse(await readFile(path, "utf8")));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Corrupt(`${reference}: ${name}: ${issue?.path.join(".")}: ${issue?.message}`);
  });
}
