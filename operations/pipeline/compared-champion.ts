import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { modelCardSchema } from "../../runtime/contract/model-card.ts";
import type { PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import { readEvaluation } from "./read-evaluation.ts";
import { taggedReference } from "./step-artifacts.ts";

/**
 * Returns the version with which the gate of a model compares a candidate: the champion; undefined where the gate does not compare, or there
 * is none. A candidate that is in production itself is compared with the version that it was compared with then, so that training with the
 * inputs of before takes what was made before.
 */
export async function comparedChampion(
  registry: RegistryClient,
  { name: workload, models }: Pick<PinnedWorkload, "name" | "models">,
  model: string,
  candidate: string,
): Promise<string | undefined> {
  const definition = models.find(({ name }) => name === model);
  if (definition?.gate.notWorseThanChampion === undefined) return undefined;
  const champion = await taggedReference(registry, artifactRepository(workload, "model", model), "champion");
  if (champion === undefined) return undefined;
  const card = await readArtifactJson(registry, champion, "model", "model-card.json", modelCardSchema);
  if (card.lineage.candidate !== candidate) return champion;
  const { champion: before } = await readEvaluation({ registry }, card.lineage.evaluation);
  return before !== undefined && (await exists(registry, before.reference)) ? before.reference : undefined;
}

/** Whether a version is still there: one that is in no use may have been removed. */
async function exists(registry: RegistryClient, reference: string): Promise<boolean> {
  const { repository, digest } = parseArtifactReference(reference);
  return (await registry.getManifest(repository, digest)) !== undefined;
}
