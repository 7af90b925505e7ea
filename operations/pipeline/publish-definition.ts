import { pushArtifactJson } from "../../runtime/artifacts/push-artifact-json.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import type { StepName } from "../../runtime/contract/pipeline.ts";
import {
  definitionDigest,
  stepDefinition,
  type PinnedWorkload,
} from "../../runtime/contract/step-definition.ts";

/**
 * Pushes the part of a workload's definition that a step needs, as it is in this checkout, and returns its reference. The same part has
 * the same reference, so that a step with no change in its own part is not run again.
 */
export async function publishDefinition(
  registry: RegistryClient,
  step: StepName,
  workload: PinnedWorkload,
  model?: string,
): Promise<string> {
  const definition = stepDefinition(step, workload, model);
  const [, hex = ""] = definitionDigest(definition).split(":");
  return pushArtifactJson(registry, "definition.json", definition, {
    repository:
      model === undefined
        ? artifactRepository(workload.name, "definition")
        : artifactRepository(workload.name, "definition", model),
    kind: "definition",
    // An artifact without a tag may be taken for waste by the registry. This one never moves.
    tag: `${step}-${hex.slice(0, 24)}`,
  });
}
