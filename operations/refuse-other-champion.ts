import type { RegistryClient } from "../runtime/artifacts/registry-client.ts";
import { artifactRepository } from "../runtime/contract/artifact-kind.ts";
import { LATEST } from "../runtime/contract/moving-tags.ts";
import type { Workload } from "../runtime/contract/workload.ts";
import { comparedChampion } from "./pipeline/compared-champion.ts";
import { readEvaluation } from "./pipeline/read-evaluation.ts";
import type { Candidate } from "./pipeline/run-pipeline.ts";
import { taggedReference } from "./pipeline/step-artifacts.ts";

/** Throws where the newest version of a model was compared with another champion than there is now, so that it may be worse than this one. */
export async function refuseOtherChampion(
  registry: RegistryClient,
  workload: Workload,
  { model }: Pick<Candidate, "model">,
): Promise<void> {
  const definition = workload.models.find(({ name }) => name === model);
  if (definition?.gate.notWorseThanChampion === undefined) return;
  const newest = await taggedReference(
    registry,
    artifactRepository(workload.name, "evaluation", model),
    LATEST,
  );
  if (newest === undefined) return;
  const evaluation = await readEvaluation({ registry }, newest);
  const now = await comparedChampion(registry, workload, model, evaluation.candidate);
  const then = evaluation.champion?.reference;
  if (now !== then)
    throw new Error(
      `${model} must be compared with the champion of now, ${now ?? "none"}; it was compared with ${then ?? "none"}: npm run train -- --model ${model}`,
    );
}
