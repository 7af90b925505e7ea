import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ArtifactKind } from "../contract/artifact-kind.ts";
import { parseArtifactReference } from "../contract/artifact-reference.ts";
import { Corrupt } from "../errors.ts";
import { manifestFiles, type ArtifactFile } from "./manifest.ts";
import { readManifest } from "./pull-artifact.ts";
import type { RegistryClient } from "./registry-client.ts";

/** An artifact whose files are pulled one by one. */
export interface OpenArtifact {
  files: readonly ArtifactFile[];
  /** Pulls files into `directory` and verifies their digests. Throws Corrupt if the artifact has no such file. */
  pull: (names: readonly string[], directory: string) => Promise<void>;
}

/** Opens an artifact without pulling its files. */
export async function openArtifact(
  registry: RegistryClient,
  reference: string,
  kind: ArtifactKind,
): Promise<OpenArtifact> {
  const { repository } = parseArtifactReference(reference);
  const files = manifestFiles(await readManifest(registry, reference, kind));
  const byName = new Map(files.map((file) => [file.name, file]));
  return {
    files,
    async pull(names, directory) {
      for (const name of names) {
        const file = byName.get(name);
        if (file === undefined)
          throw new Corrupt(
            `${reference}: must hold ${name}, has ${files.map((each) => each.name).join(", ")}`,
          );
        const path = join(directory, name);
        await mkdir(dirname(path), { recursive: true });
        await registry.pullBlob(repository, file, path);
      }
    },
  };
}
