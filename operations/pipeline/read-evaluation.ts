import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { evaluationSchema, type Evaluation } from "../../runtime/contract/evaluation.ts";

export function readEvaluation(
  { registry }: { registry: RegistryClient },
  reference: string,
): Promise<Evaluation> {
  return readArtifactJson(registry, reference, "evaluation", "evaluation.json", evaluationSchema);
}
