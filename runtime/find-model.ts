import type { ModelDefinition, Workload } from "./contract/workload.ts";
import { BadInput } from "./errors.ts";

/** Returns the model of a workload by its name. Throws BadInput if the workload has no such model. */
export function findModel(workload: Workload, name: string): ModelDefinition {
  const model = workload.models.find((candidate) => candidate.name === name);
  if (model === undefined)
    throw new BadInput(
      `workload ${workload.name}: model must be one of ${workload.models.map((m) => m.name).join(", ")}, got ${name}`,
    );
  return model;
}
