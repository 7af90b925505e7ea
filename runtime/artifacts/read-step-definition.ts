import { parseArtifactReference } from "../contract/artifact-reference.ts";
import type { StepName } from "../contract/pipeline.ts";
import { STEP_DEFINITIONS, type StepDefinition } from "../contract/step-definition.ts";
import { BadInput } from "../errors.ts";
import { readArtifactJson } from "./read-artifact-json.ts";
import type { RegistryClient } from "./registry-client.ts";

/**
 * Reads a step's part of a workload's definition. Throws Corrupt for the part of a step that needs others, and BadInput if it belongs to
 * another workload or model than the artifact that the step works on.
 *
 * @param owner - workload and model of that artifact. @default - any
 */
export async function readStepDefinition<Step extends StepName>(
  registry: RegistryClient,
  step: Step,
  reference: string,
  owner?: { workload: string; model?: string },
): Promise<StepDefinition<Step>> {
  const definition = (await readArtifactJson(
    registry,
    reference,
    "definition",
    "definition.json",
    STEP_DEFINITIONS[step],
  )) as StepDefinition<Step>;
  const found =
    "model" in definition ? `${definition.workload}/${definition.model.name}` : definition.workload;
  const wanted = owner?.model === undefined ? owner?.workload : `${owner.workload}/${owner.model}`;
  if (wanted !== undefined && wanted !== found)
    throw new BadInput(
      `${step}: --definition must be of ${wanted}, got that of ${found} (${parseArtifactReference(reference).repository})`,
    );
  return definition;
}
