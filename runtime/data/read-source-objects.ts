import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sourceManifestSchema, type SourceObject } from "../contract/source-manifest.ts";
import { Corrupt, describeError } from "../errors.ts";

/** Returns the objects that `source.json` in the folder of a source artifact names. Throws Corrupt if it has another form. */
export async function readSourceObjects(folder: string): Promise<SourceObject[]> {
  try {
    return sourceManifestSchema.parse(JSON.parse(await readFile(join(folder, "source.json"), "utf8")))
      .objects;
  } catch (error) {
    throw new Corrupt(`source.json of the source artifact must be readable, got: ${describeError(error)}`, {
      cause: error,
    });
  }
}
