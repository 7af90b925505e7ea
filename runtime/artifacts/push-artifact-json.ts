import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pushArtifact } from "./push-artifact.ts";
import type { PushArtifactOptions } from "./push-artifact.ts";
import type { RegistryClient } from "./registry-client.ts";
import { withScratch } from "../scratch.ts";

/** Pushes one JSON file as an artifact and returns its reference. */
export async function pushArtifactJson(
  registry: RegistryClient,
  name: string,
  value: unknown,
  options: Omit<PushArtifactOptions, "directory" | "files">,
): Promise<string> {
  return withScratch(async (directory) => {
    await writeFile(join(directory, name), `${JSON.stringify(value, null, 2)}\n`);
    return pushArtifact(registry, { ...options, directory, files: [name] });
  });
}
