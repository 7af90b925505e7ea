import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pushArtifact } from "../../../runtime/artifacts/push-artifact.ts";
import type { RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import type { ArtifactKind } from "../../../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../../../runtime/contract/artifact-reference.ts";
import { withScratch } from "../../../runtime/scratch.ts";

export const REPOSITORIES = ["flights/dataset", "flights/delay/candidate", "flights/delay/model"];

/** Pushes an artifact: a file of random bytes, and a JSON record that names other artifacts. Returns its reference. */
export function pushRecord(
  registry: RegistryClient,
  repository: string,
  { names = [], tags = [], subject, bytes = 300_000 }: RecordOptions = {},
): Promise<string> {
  return withScratch(async (directory) => {
    await writeFile(join(directory, "data.parquet"), randomBytes(bytes));
    await writeFile(
      join(directory, "record.json"),
      JSON.stringify({ names: names.map((name) => `oci:${name}`) }),
    );
    const reference = await pushArtifact(registry, {
      repository,
      kind: repository.slice(repository.lastIndexOf("/") + 1) as ArtifactKind,
      directory,
      files: ["data.parquet", "record.json"],
      ...(subject === undefined ? {} : { subject }),
    });
    for (const tag of tags) await registry.putTag(repository, tag, parseArtifactReference(reference).digest);
    return reference;
  });
}

interface RecordOptions {
  /** References in its record. */
  names?: string[];
  tags?: string[];
  subject?: string;
  bytes?: number;
}

/** Artifacts of one training: a data set, a candidate that no tag names, and a model with two tags and two referrers. */
export async function pushTraining(
  registry: RegistryClient,
): Promise<{ dataset: string; candidate: string; model: string; referrers: string[] }> {
  const [datasets = "", candidates = "", models = ""] = REPOSITORIES;
  const dataset = await pushRecord(registry, datasets, { tags: ["latest", "inputs-1"] });
  const candidate = await pushRecord(registry, candidates, { names: [dataset] });
  const model = await pushRecord(registry, models, { names: [candidate], tags: ["champion", "latest"] });
  const referrers = [];
  for (let count = 0; count < 2; count++)
    referrers.push(await pushRecord(registry, models, { subject: model, bytes: 100 }));
  return { dataset, candidate, model, referrers };
}
