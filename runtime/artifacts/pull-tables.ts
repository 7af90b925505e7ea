import { readArtifactJson } from "./read-artifact-json.ts";
import { openArtifact } from "./open-artifact.ts";
import type { RegistryClient } from "./registry-client.ts";
import {
  datasetManifestSchema,
  type DatasetManifest,
  type TableManifest,
} from "../contract/dataset-manifest.ts";
import { Corrupt } from "../errors.ts";

/** Reads `dataset.json` of a data set. */
export function readDataset(registry: RegistryClient, reference: string): Promise<DatasetManifest> {
  return readArtifactJson(registry, reference, "dataset", "dataset.json", datasetManifestSchema);
}

/** Pulls the files of some tables of a data set into `directory`, and returns the tables. */
export async function pullTables(
  registry: RegistryClient,
  reference: string,
  names: ReadonlySet<string>,
  directory: string,
): Promise<TableManifest[]> {
  const { tables } = await readDataset(registry, reference);
  const wanted = tables.filter(({ name }) => names.has(name));
  if (wanted.length < names.size)
    throw new Corrupt(
      `${reference}: must have the tables ${[...names].join(", ")}, has ${tables.map(({ name }) => name).join(", ")}`,
    );
  const files = wanted.flatMap(({ partitions }) => partitions.map(({ file }) => file));
  await (await openArtifact(registry, reference, "dataset")).pull(files, directory);
  return wanted;
}
