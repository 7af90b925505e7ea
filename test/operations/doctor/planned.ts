import type { PlannedResource } from "../../../operations/doctor/planned-resource.ts";

/** A planned resource of a stack that was deployed before, or was not. */
export type Planned = Omit<PlannedResource, "deployed">;

/** Returns the resources of a stack. */
export function ofStack(planned: readonly Planned[], { deployed }: { deployed: boolean }): PlannedResource[] {
  return planned.map((resource) => ({ ...resource, deployed }));
}
